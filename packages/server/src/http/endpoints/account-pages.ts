// The pages at /account: each section shown, and what its forms do. They call the rules that the API calls.
import { LatchkeyError } from 'latchkey'
import type { z } from 'zod'
import { changeAddress, sendVerification } from '../../auth/address.ts'
import { apiKeyScopes, createApiKey, revokeApiKey } from '../../auth/api-keys.ts'
import { endOwnSession } from '../../auth/end-own-session.ts'
import { logoutEverywhere } from '../../auth/logout.ts'
import { changePassword } from '../../auth/password.ts'
import { changeProfile, deleteAccount } from '../../auth/profile.ts'
import { type AddressFacts, addressPage } from '../../pages/account/address.tsx'
import { type ApiKeysFacts, apiKeysPage, keyLifetimes } from '../../pages/account/api-keys.tsx'
import { appearancePage } from '../../pages/account/appearance.tsx'
import { dataPage } from '../../pages/account/data.tsx'
import { deletionPage } from '../../pages/account/deletion.tsx'
import { devicesPage } from '../../pages/account/devices.tsx'
import { passwordPage } from '../../pages/account/password.tsx'
import { type ProfileFacts, profilePage } from '../../pages/account/profile.tsx'
import { languageOf, textsIn } from '../../pages/texts.ts'
import type { Call } from '../call.ts'
import { colourSchemeCookie } from '../cookies.ts'
import { answerForm } from '../form-answer.ts'
import { html, seeOther } from '../html.ts'
import { frameOf } from '../page-frame.ts'
import { withCookies } from '../reply.ts'
import type {
  addressForm,
  apiKeyForm,
  appearanceForm,
  deletionForm,
  passwordForm,
  profileForm,
} from '../shapes.ts'
import { requirePrincipal, requireSignedIn } from '../steps.ts'
import { takeAlong } from './account.ts'

const unseen = { cacheControl: 'no-store' } as const

/** Shows a section after its form was done: a reload does nothing twice. */
const done = (path: string): Response => seeOther(`${path}?done=1`)

const factsOf = (call: Call, problem?: string) => ({
  frame: frameOf(call),
  isDone: problem === undefined && call.query.get('done') === '1',
  problem,
})

function profileFor(call: Call, more: Partial<ProfileFacts> = {}) {
  const { user } = requirePrincipal(call)
  const { username, name = '', roles, createdAt } = user
  return profilePage({ ...factsOf(call, more.problem), username, name, roles, createdAt, ...more })
}

export const showProfilePage = (call: Call): Response => html(profileFor(call), unseen)

export function takeProfile(call: Call<z.output<typeof profileForm>>): Promise<Response> {
  const { username, name } = call.body
  return answerForm(call, {
    async act() {
      const wanted = { username, name: name === '' ? null : name, locale: undefined }
      await changeProfile(call.services.auth, requireSignedIn(call), wanted, call.caller)
      return done('/account')
    },
    again: problem => profileFor(call, { username, name, problem }),
  })
}

function passwordFor(call: Call, problem?: string) {
  const { username, passwordChangedAt: changedAt } = requirePrincipal(call).user
  const least = call.services.auth.rules.passwordMin
  return passwordPage({ ...factsOf(call, problem), username, changedAt, least })
}

/** Where password managers ask for it ("A Well-Known URL for Changing Passwords", W3C). */
export const leadToPasswordPage = (): Response => seeOther('/account/password')

export const showPasswordPage = (call: Call): Response => html(passwordFor(call), unseen)

export function takePassword(call: Call<z.output<typeof passwordForm>>): Promise<Response> {
  const { current_password: currentPassword, new_password: newPassword } = call.body
  return answerForm(call, {
    async act() {
      const request = { ...requireSignedIn(call), currentPassword, newPassword }
      await changePassword(call.services.auth, request, call.caller)
      return done('/account/password')
    },
    again: problem => passwordFor(call, problem),
  })
}

function addressFor(call: Call, more: Partial<AddressFacts> = {}) {
  const { email, unverifiedEmail } = requirePrincipal(call).user
  const addresses = { verified: email ?? null, waiting: unverifiedEmail ?? null, typed: '' }
  return addressPage({ ...factsOf(call, more.problem), ...addresses, ...more })
}

export const showAddressPage = (call: Call): Response => html(addressFor(call), unseen)

export function takeAddress(call: Call<z.output<typeof addressForm>>): Promise<Response> {
  const { email, current_password: currentPassword } = call.body
  return answerForm(call, {
    async act() {
      const request = { ...requireSignedIn(call), email, currentPassword }
      await changeAddress(call.services.auth, request, call.caller)
      return done('/account/email')
    },
    again: problem => addressFor(call, { typed: email, problem }),
  })
}

export function takeSendAgain(call: Call): Promise<Response> {
  return answerForm(call, {
    async act() {
      await sendVerification(call.services.auth, requireSignedIn(call), call.caller)
      return done('/account/email')
    },
    again: problem => addressFor(call, { problem }),
  })
}

export async function showDevices(call: Call): Promise<Response> {
  const { user, session: current } = requirePrincipal(call)
  const { store, clock } = call.services.auth
  const sessions = await store.sessionsOfUser(user.id, Math.floor(clock() / 1000))
  const items = sessions.map(({ id, device, address, createdAt, lastSeen }) => ({
    id,
    device: device ?? null,
    address: address ?? null,
    createdAt,
    lastSeen,
    isHere: id === current?.id,
  }))
  const hereFirst = items.toSorted((a, b) => Number(b.isHere) - Number(a.isHere) || b.lastSeen - a.lastSeen)
  return html(devicesPage({ ...factsOf(call), items: hereFirst }), unseen)
}

export async function takeDeviceEnd(call: Call): Promise<Response> {
  await endOwnSession(call.services.auth, requirePrincipal(call).user, call.params['id'] ?? '', call.caller)
  return done('/account/devices')
}

export async function takeEndAll(call: Call): Promise<Response> {
  await logoutEverywhere(call.services.auth, requirePrincipal(call).user.id, call.caller)
  return withCookies(seeOther('/signed-out'), call.services.cookie.clear())
}

async function keysFor(call: Call, more: Partial<ApiKeysFacts> = {}) {
  const { auth } = call.services
  const { user } = requirePrincipal(call)
  const keys = (await auth.store.apiKeysOfUser(user.id)).map(key => ({
    ...key,
    expiresAt: key.expiresAt ?? null,
    lastUsedAt: key.lastUsedAt ?? null,
  }))
  const available = apiKeyScopes(auth, user)
  const facts = {
    keys,
    available,
    made: undefined,
    typed: { name: '', scopes: '', expires: 'month' } as const,
  }
  return apiKeysPage({ ...factsOf(call, more.problem), ...facts, ...more })
}

export const showApiKeys = async (call: Call): Promise<Response> => html(await keysFor(call), unseen)

/** The one page that ever shows the key's text; it has no address of its own to come back to. */
export function takeApiKey(call: Call<z.output<typeof apiKeyForm>>): Promise<Response> {
  const { name, expires } = call.body
  const scopes = call.body.scopes.split(/[\s,]+/).filter(one => one !== '')
  return answerForm(call, {
    async act() {
      if (name.trim() === '') throw missing('key_name')
      if (scopes.length > 64 || !scopes.every(isScope)) throw missing('scopes')
      const wanted = { name, scopes, expiresInSeconds: keyLifetimes[expires] }
      const { text } = await createApiKey(call.services.auth, requireSignedIn(call), wanted, call.caller)
      return html(await keysFor(call, { made: text, isDone: false }), unseen)
    },
    again: problem => keysFor(call, { problem, typed: { ...call.body } }),
  })
}

/** RFC 6749 3.3. */
const isScope = (text: string): boolean => /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/.test(text)

const missing = (path: string): LatchkeyError =>
  new LatchkeyError('validation_failed', { errors: [{ path, message: 'It is missing or not accepted.' }] })

export async function takeApiKeyRevocation(call: Call): Promise<Response> {
  await revokeApiKey(call.services.auth, requirePrincipal(call).user, call.params['id'] ?? '', call.caller)
  return done('/account/keys')
}

export function showAppearance(call: Call): Response {
  const language = languageOf(requirePrincipal(call).user.locale ?? '') ?? ''
  return html(appearancePage({ ...factsOf(call), language }), unseen)
}

/** A locale of the same language stays: `en-GB` is English and says more. */
export async function takeAppearance(call: Call<z.output<typeof appearanceForm>>): Promise<Response> {
  const { scheme, locale } = call.body
  const { auth, issuer } = call.services
  const { user, sessionId } = requireSignedIn(call)
  if (locale !== (languageOf(user.locale ?? '') ?? '')) {
    const wanted = { username: undefined, name: undefined, locale: locale === '' ? null : locale }
    await changeProfile(auth, { user, sessionId }, wanted, call.caller)
  }
  const secure = issuer.startsWith('https:')
  return withCookies(done('/account/appearance'), [colourSchemeCookie(scheme, { secure })])
}

export const showData = (call: Call): Response => html(dataPage(factsOf(call)), unseen)

export const takeExport = (call: Call): Promise<Response> => takeAlong(call)

function deletionFor(call: Call, typed: string, problem?: string) {
  const { username } = requirePrincipal(call).user
  return deletionPage({ ...factsOf(call, problem), username, typed })
}

export const showDeletion = (call: Call): Response => html(deletionFor(call, ''), unseen)

export function takeDeletion(call: Call<z.output<typeof deletionForm>>): Promise<Response> {
  const { confirm, current_password: currentPassword } = call.body
  const { deletion } = textsIn(frameOf(call).lang)
  return answerForm(call, {
    async act() {
      const { user, sessionId } = requireSignedIn(call)
      if (confirm.trim() !== user.username) throw missing('confirm')
      await deleteAccount(call.services.auth, { user, sessionId, currentPassword }, call.caller)
      return withCookies(seeOther('/signed-out?deleted=1'), call.services.cookie.clear())
    },
    again: problem => deletionFor(call, confirm, problem),
    problemOf: ({ code }) => (code === 'validation_failed' ? deletion.mismatch : undefined),
  })
}
