// /admin/keys
import { retireKey, revokeKey, rotateKeys } from '../../../auth/admin.ts'
import { retainSeconds } from '../../../auth/key-ring.ts'
import { type KeyTimes, plannedHandOver } from '../../../pages/console/key-spans.ts'
import { keyPage, keysPage, revokeKeyPage } from '../../../pages/console/keys.tsx'
import type { SigningKeyRecord } from '../../../store/records.ts'
import type { Call } from '../../call.ts'
import { seeOther } from '../../html.ts'
import { actorOf } from '../admin-users.ts'
import { answerForm, consoleHtml, frameOf, notFound, type Refused } from './console-frame.ts'

function timesOf({ services }: Call, keys: readonly SigningKeyRecord[]): KeyTimes {
  const { clock, rules } = services.auth
  return {
    nowMs: clock(),
    rotationSeconds: rules.keyRotation,
    retainSeconds: retainSeconds(rules.accessTtl),
    handOverMs: plannedHandOver(keys, { rotationSeconds: rules.keyRotation }),
  }
}

/** Keys of ours; none under HS256, whose secret is set where the server is started. */
async function keysOf({ services }: Call): Promise<readonly SigningKeyRecord[]> {
  const { store, rules } = services.auth
  return rules.signingAlg === 'HS256' ? [] : store.signingKeys()
}

async function keyOf(call: Call): Promise<{ key: SigningKeyRecord; times: KeyTimes }> {
  const keys = await keysOf(call)
  const key = keys.find(one => one.kid === call.params['kid']) ?? notFound()
  return { key, times: timesOf(call, keys) }
}

export async function showKeys(call: Call): Promise<Response> {
  const keys = await keysOf(call)
  const alg = call.services.auth.rules.signingAlg
  return consoleHtml(keysPage({ frame: frameOf(call), keys, times: timesOf(call, keys), alg }))
}

export async function showKey(call: Call, refused?: Refused): Promise<Response> {
  return consoleHtml(keyPage({ frame: frameOf(call, refused), ...(await keyOf(call)) }), refused?.status)
}

export async function takeRotation(call: Call): Promise<Response> {
  await rotateKeys(call.services.auth, actorOf(call))
  return seeOther('/admin/keys?done=rotated')
}

export async function takeRetirement(call: Call): Promise<Response> {
  const { key } = await keyOf(call)
  return answerForm(
    async () => {
      await retireKey(call.services.auth, key.kid, actorOf(call))
      return `/admin/keys/${key.kid}?done=retired`
    },
    refused => showKey(call, refused),
  )
}

/** What a revocation does is said on a page of its own, before it is done. */
export async function showRevocation(call: Call): Promise<Response> {
  const { key } = await keyOf(call)
  const maxAgeSeconds = call.services.jwksMaxAgeSeconds
  return consoleHtml(revokeKeyPage({ frame: frameOf(call), key, maxAgeSeconds }))
}

export async function takeRevocation(call: Call): Promise<Response> {
  const { key } = await keyOf(call)
  await revokeKey(call.services.auth, key.kid, actorOf(call))
  return seeOther(`/admin/keys/${key.kid}?done=key-revoked`)
}
