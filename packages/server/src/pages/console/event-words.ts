// What the events of the audit log are called, and which of them are good or bad news.
import type { AuditEvent } from '../../store/records.ts'

type Tone = 'good' | 'bad' | 'warn' | 'plain'

export const eventWords: Readonly<Record<AuditEvent, { words: string; tone: Tone }>> = {
  login: { words: 'Signed in', tone: 'good' },
  login_refused: { words: 'Sign-in refused', tone: 'warn' },
  logout: { words: 'Signed out', tone: 'plain' },
  logout_all: { words: 'Signed out everywhere', tone: 'plain' },
  session_ended: { words: 'Session ended', tone: 'plain' },
  refresh_reused: { words: 'Refresh token reused', tone: 'bad' },
  user_registered: { words: 'Account created', tone: 'good' },
  user_made: { words: 'User added', tone: 'good' },
  user_imported: { words: 'User imported', tone: 'good' },
  user_changed: { words: 'Profile changed', tone: 'plain' },
  user_deleted: { words: 'Account deleted', tone: 'warn' },
  user_disabled: { words: 'User disabled', tone: 'warn' },
  user_enabled: { words: 'User enabled', tone: 'good' },
  roles_changed: { words: 'Roles changed', tone: 'warn' },
  password_changed: { words: 'Password changed', tone: 'plain' },
  password_reset_asked: { words: 'Reset link asked for', tone: 'plain' },
  password_reset: { words: 'Password reset', tone: 'plain' },
  address_change_asked: { words: 'New address given', tone: 'plain' },
  address_verified: { words: 'Address verified', tone: 'good' },
  invitation_made: { words: 'Invitation made', tone: 'plain' },
  api_key_made: { words: 'API key made', tone: 'plain' },
  api_key_revoked: { words: 'API key revoked', tone: 'plain' },
  key_rotated: { words: 'Signing key rotated', tone: 'plain' },
  key_retired: { words: 'Signing key retired', tone: 'plain' },
  key_revoked: { words: 'Signing key revoked', tone: 'bad' },
  client_made: { words: 'Client added', tone: 'plain' },
  client_disabled: { words: 'Client disabled', tone: 'warn' },
  token_revoked: { words: 'Token revoked', tone: 'plain' },
  keys_rewrapped: { words: 'Keys rewrapped', tone: 'plain' },
  master_key_compromised: { words: 'Master key compromised', tone: 'bad' },
  store_rolled_back: { words: 'Store had lost state', tone: 'bad' },
  store_restored: { words: 'Backup restored', tone: 'warn' },
  store_backed_up: { words: 'Backup made', tone: 'good' },
  token_signed: { words: 'Token signed by hand', tone: 'warn' },
  data_exported: { words: 'Data exported', tone: 'plain' },
}

export const isAuditEvent = (text: string): text is AuditEvent => Object.hasOwn(eventWords, text)
