// `latchkey token verify`: by the keys and the revocations of the server here, or by a key of one's own.
import { createVerifier, remoteKeys, type Verdict, type VerifierOptions } from 'latchkey'
import type { AuthContext } from '../auth/context.ts'
import type { Config } from '../config.ts'
import { explainToken } from '../words/token-words.ts'
import { givenToken } from './given-token.ts'
import { type KeyFileOptions, keyOfFile } from './key-file.ts'
import { withAuth } from './open-auth.ts'
import type { Printed } from './table.ts'

export interface VerifyOptions extends KeyFileOptions {
  jwks?: string
  issuer?: string
  audience?: string[]
}

/** The claims when it holds; the step and the reason when it does not. Throws ConfigError without a database. */
export async function verifyToken(
  config: Config,
  argument: string | undefined,
  options: VerifyOptions,
): Promise<{ printed: Printed; isWell: boolean }> {
  const token = await givenToken(argument)
  const own = ownKeys(options)
  const verdict =
    own === undefined
      ? await withAuth(config, async auth => serverVerifier(auth, options).check(token))
      : await createVerifier({
          ...own,
          issuer: options.issuer,
          audience: options.audience,
          cache: false,
        }).check(token)
  return { printed: printedVerdict(verdict, token), isWell: verdict.ok }
}

function ownKeys(options: VerifyOptions): Pick<VerifierOptions & { keys: object }, 'keys'> | undefined {
  if (options.jwks !== undefined) return { keys: remoteKeys(options.jwks) }
  const key = keyOfFile(options)
  return key && { keys: key }
}

/** What the server's own guard asks. */
function serverVerifier(auth: AuthContext, { issuer = auth.issuer, audience }: VerifyOptions) {
  return createVerifier({
    keys: auth.keyRing.source,
    typ: 'at+jwt',
    requiredClaims: ['exp'],
    issuer,
    audience: audience ?? [auth.audience].flat(),
    cache: false,
    revocations: {
      isRevoked: ({ claims, header }) => auth.revocations.isRevoked(claims['sid'], claims['jti'], header.kid),
    },
  })
}

function printedVerdict(verdict: Verdict, token: string): Printed {
  if (verdict.ok) {
    const { claims, header } = verdict
    const { summary } = explainToken(token, {}, Date.now())
    return {
      json: { ok: true, header, claims },
      text: `${JSON.stringify(claims, null, 2)}\n`,
      words: `It holds. ${summary}`,
    }
  }
  const { code, error } = verdict
  return {
    json: { ok: false, code, detail: error.message },
    text: '',
    words: `Refused (${code}): ${error.message} latchkey token decode says what is in it.`,
  }
}
