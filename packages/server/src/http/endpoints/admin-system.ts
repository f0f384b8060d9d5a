// /admin/api: signing keys, the audit log, figures
import { retireKey, revokeKey, rotateKeys, shownKey } from '../../auth/admin.ts'
import { shownAudit } from '../../auth/audit-sink.ts'
import type { AuditEvent, UserId } from '../../store/records.ts'
import type { Call } from '../call.ts'
import { instantOf, pageOfAll, pageRequest, shownPage } from '../paging.ts'
import { json, noContent } from '../reply.ts'
import { actorOf } from './admin-users.ts'

export async function listKeys({ services, query }: Call): Promise<Response> {
  const page = pageOfAll(await services.auth.store.signingKeys(), query, {
    idOf: key => key.kid,
    wordsOf: ({ kid, alg, state }) => [kid, alg, state],
  })
  return shownPage(page, shownKey)
}

export async function rotate(call: Call): Promise<Response> {
  const keys = await rotateKeys(call.services.auth, actorOf(call))
  return json({ items: keys.map(shownKey), next: null })
}

export async function retire(call: Call): Promise<Response> {
  await retireKey(call.services.auth, call.params['kid'] ?? '', actorOf(call))
  return noContent()
}

export async function revoke(call: Call): Promise<Response> {
  await revokeKey(call.services.auth, call.params['kid'] ?? '', actorOf(call))
  return noContent()
}

export async function listAudit({ services, query }: Call): Promise<Response> {
  // A filter that names no user and no event finds nothing; both are only compared.
  const userId = (query.get('user') ?? undefined) as UserId | undefined
  const event = (query.get('event') ?? undefined) as AuditEvent | undefined
  const search = query.get('q') || undefined
  const [sinceMs, untilMs] = [instantOf(query, 'since'), instantOf(query, 'until')]
  const asked = { ...pageRequest(query), userId, event, search, sinceMs, untilMs }
  return shownPage(await services.auth.store.listAudit(asked), shownAudit)
}

export async function showFigures({ services }: Call): Promise<Response> {
  const { store, clock, revocations } = services.auth
  const figures = await store.figures(Math.floor(clock() / 1000))
  return json({
    users: figures.users,
    disabled_users: figures.disabledUsers,
    live_sessions: figures.liveSessions,
    api_keys: figures.apiKeys,
    waiting_mails: figures.waitingMails,
    revocations: revocations.size,
    revocation_age_ms: Math.round(revocations.ageMs()),
    revocation_listeners: services.revocationStream.listeners,
    events: figures.events,
  })
}
