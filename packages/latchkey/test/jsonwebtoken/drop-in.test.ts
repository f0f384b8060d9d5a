import { execFileSync } from 'node:child_process'
import { createPublicKey, createSecretKey, generateKeyPairSync } from 'node:crypto'
import { createRequire } from 'node:module'
import { inherits } from 'node:util'
import type * as old from 'jsonwebtoken'
import jwt, * as named from 'latchkey/jsonwebtoken'
import { describe, expect, expectTypeOf, it } from 'vitest'

const secret = 'a secret of thirty-two bytes or so'
const verbs = ['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError', 'decode', 'sign', 'verify']

function refusalOf(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was refused')
}

/** Runs a program in a process of its own, with the sources in place of the build. */
function run(program: string, ...flags: string[]): { out: string } {
  const list = ['--conditions=latchkey-dev', '--no-warnings=ExperimentalWarning', ...flags, '-e', program]
  return { out: execFileSync(process.execPath, list, { encoding: 'utf8', cwd: import.meta.dirname }) }
}

describe('how the drop-in is imported', () => {
  it('gives the six names as members of its default export', () => {
    expect(Object.keys(jwt).sort()).toEqual(verbs)
  })

  it('gives the same six by name', () => {
    for (const name of verbs) expect(Reflect.get(named, name)).toBe(Reflect.get(jwt, name))
  })

  it('gives a plain object to require, whose members a test may replace', () => {
    const { out } = run(`
      const jwt = require('latchkey/jsonwebtoken')
      console.log(Object.keys(jwt).sort().join(), Object.getPrototypeOf(jwt) === Object.prototype)
      jwt.sign = () => 'replaced'
      console.log(require('latchkey/jsonwebtoken').sign())
    `)
    expect(out).toBe(`${verbs.join()} true\nreplaced\n`)
  })

  it('stands in for the typed module of the old library', () => {
    expectTypeOf<typeof jwt.sign>().toExtend<typeof old.sign>()
    expectTypeOf<typeof jwt.verify>().toExtend<typeof old.verify>()
    expectTypeOf<typeof jwt.decode>().toExtend<typeof old.decode>()
    expectTypeOf<named.TokenExpiredError>().toExtend<old.TokenExpiredError>()
    expectTypeOf<named.NotBeforeError>().toExtend<old.NotBeforeError>()
    expectTypeOf<named.JwtPayload>().toEqualTypeOf<old.JwtPayload>()
    expectTypeOf<old.SignOptions>().toExtend<named.SignOptions>()
    expectTypeOf<old.VerifyOptions>().toExtend<named.VerifyOptions>()
    expect(createRequire(import.meta.url).resolve('latchkey/jsonwebtoken')).toContain('jsonwebtoken')
  })
})

describe('the errors of the drop-in', () => {
  const expired = (): unknown => jwt.verify(jwt.sign({ exp: 1 }, secret), secret)

  it('reads in JSON as old answers to clients did', () => {
    expect(JSON.parse(JSON.stringify(refusalOf(expired)))).toEqual({
      name: 'TokenExpiredError',
      message: 'jwt expired',
      expiredAt: '1970-01-01T00:00:01.000Z',
    })
  })

  it('is of the classes that old code asks for', () => {
    const error = refusalOf(expired)
    expect(error).toBeInstanceOf(jwt.TokenExpiredError)
    expect(error).toBeInstanceOf(jwt.JsonWebTokenError)
    expect(error).not.toBeInstanceOf(jwt.NotBeforeError)
    expect(error.stack).toContain('drop-in.test.ts')
  })

  it('can be extended by a class and by a function', () => {
    class Newer extends jwt.JsonWebTokenError {}
    const newer = new Newer('newer')
    expect(newer).toBeInstanceOf(Newer)
    expect(newer).toBeInstanceOf(jwt.JsonWebTokenError)
    expect(newer.message).toBe('newer')

    function Older(this: Error, message: string): void {
      Reflect.apply(jwt.JsonWebTokenError as unknown as () => void, this, [message])
    }
    inherits(Older, jwt.JsonWebTokenError)
    const older: unknown = Reflect.construct(Older, ['older'])
    expect(older).toBeInstanceOf(jwt.JsonWebTokenError)
    expect((older as Error).message).toBe('older')
  })
})

describe('callbacks of the drop-in', () => {
  // Each row is a call that the old library never answers.
  const unanswered: readonly (readonly [string, string | object, string | null, object])[] = [
    ['an empty text', '', secret, {}],
    ['no key and algorithm none', { a: 1 }, null, { algorithm: 'none' }],
  ]
  for (const [what, payload, key, options] of unanswered) {
    it(`answers for ${what}, where the old library stays silent`, async () => {
      const token = await new Promise<string | undefined>((resolve, reject) => {
        const callback = (error: Error | null, made?: string): void => (error ? reject(error) : resolve(made))
        jwt.sign(payload, key as string, options, callback)
      })
      expect(token).toBe(jwt.sign(payload, key as string, options))
    })
  }

  it('tells a refusal once, where the old library goes on to tell a token as well', async () => {
    const told: unknown[] = []
    jwt.sign({ iss: 'a', sub: 'b' }, secret, { issuer: 'c', subject: 'd' }, (error, token) => {
      told.push(error?.message ?? token)
    })
    await new Promise(resolve => setImmediate(resolve))
    expect(told).toEqual(['Bad "options.issuer" option. The payload already has an "iss" property.'])
  })

  it('tells a token after the call returned, and a verdict before', async () => {
    const order: string[] = []
    const token = await new Promise<string>(resolve => {
      jwt.sign({ a: 1 }, secret, (_error: Error | null, made = '') => {
        order.push('signed')
        resolve(made)
      })
      order.push('sign returned')
    })
    jwt.verify(token, secret, () => order.push('verified'))
    order.push('verify returned')
    expect(order).toEqual(['sign returned', 'signed', 'verified', 'verify returned'])
  })

  it('waits for a key source that takes its time, and judges by the instant of the call', async () => {
    const token = jwt.sign({ a: 1 }, secret)
    const payload = await new Promise((resolve, reject) => {
      const source = (header: { alg: string }, tell: (error: null, key: string) => void): void => {
        expect(header.alg).toBe('HS256')
        setImmediate(tell, null, secret)
      }
      jwt.verify(token, source, (error, decoded) => (error ? reject(error) : resolve(decoded)))
    })
    expect(payload).toMatchObject({ a: 1 })
  })

  it('turns what a callback of sign throws into a warning, as the old library hides it', () => {
    const { out } = run(`
      const jwt = require('latchkey/jsonwebtoken')
      process.on('warning', warning => console.log(warning.message))
      jwt.sign({}, ${JSON.stringify(secret)}, () => { throw new Error('thrown by a callback') })
    `)
    expect(out).toBe('thrown by a callback\n')
  })
})

describe('weak secrets in the drop-in', () => {
  it('work, with one warning that names the way out and not the secret', () => {
    const { out } = run(`
      const jwt = require('latchkey/jsonwebtoken')
      process.on('warning', warning => console.log(warning.code, warning.message))
      const token = jwt.sign({ a: 1 }, 'privatekey')
      jwt.verify(token, 'privatekey')
      jwt.sign({ a: 1 }, 'another')
    `)
    const lines = out.trim().split('\n')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^LATCHKEY_WEAK_SECRET .*randomBytes/)
    expect(out).not.toContain('privatekey')
  })

  it('are not warned of when they are as long as the hash', () => {
    const { out } = run(`
      const jwt = require('latchkey/jsonwebtoken')
      process.on('warning', warning => console.log(warning.code))
      jwt.sign({ a: 1 }, 'x'.repeat(32))
    `)
    expect(out).toBe('')
  })
})

describe('old weaknesses that the drop-in does not bring back', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicPem = publicKey.export({ format: 'pem', type: 'spki' }) as string

  it('[S17] CVE-2015-2951: takes no unsigned token with a key at hand', () => {
    const token = jwt.sign({ a: 1 }, null, { algorithm: 'none' })
    expect(() => jwt.verify(token, secret)).toThrow('jwt signature is required')
    expect(() => jwt.verify(token, secret, { algorithms: ['none'] })).toThrow('jwt signature is required')
  })

  it('CVE-2022-23540: takes no unsigned token for want of a key, unless "none" is named', () => {
    const token = jwt.sign({ a: 1 }, null, { algorithm: 'none' })
    for (const nothing of ['', null, undefined]) {
      expect(() => jwt.verify(token, nothing as string)).toThrow('please specify "none"')
    }
  })

  it('[S19] CVE-2016-10555, CVE-2022-23541: takes no token made with the text of its public key as secret', () => {
    const forged = jwt.sign({ a: 1 }, createSecretKey(Buffer.from(publicPem)))
    expect(() => jwt.verify(forged, publicPem)).toThrow('invalid algorithm')
    const list = { algorithms: ['RS256' as const, 'HS256' as const] }
    expect(() => jwt.verify(forged, publicPem, list)).toThrow('must be a symmetric key')
    expect(() => jwt.verify(forged, createPublicKey(publicPem), list)).toThrow('must be a symmetric key')
  })

  it('CVE-2022-23539: signs and takes RS256 with an RSA key only', () => {
    const { privateKey: dsa } = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })
    expect(() => jwt.sign({ a: 1 }, dsa, { algorithm: 'RS256' })).toThrow('Unknown key type "dsa"')
  })

  it('CVE-2022-23529: takes no object with a method of its own as a key', () => {
    const hostile = { toString: () => 'x', type: 'secret' }
    const token = jwt.sign({ a: 1 }, secret)
    expect(() => jwt.verify(token, hostile as never)).toThrow('secretOrPublicKey is not valid key material')
  })

  it('finds a million dots malformed without reading them all', () => {
    const dots = '.'.repeat(1_000_000)
    const started = process.cpuUsage().user
    expect(() => jwt.verify(dots, secret)).toThrow('jwt malformed')
    expect(process.cpuUsage().user - started).toBeLessThan(5_000)
  })

  it('signs what the other half of the pair verifies, in every algorithm of the list', () => {
    const curves = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' }
    const rsa = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const
    for (const algorithm of rsa) {
      expect(jwt.verify(jwt.sign({ a: 1 }, privateKey, { algorithm }), publicKey)).toMatchObject({ a: 1 })
    }
    for (const [algorithm, namedCurve] of Object.entries(curves)) {
      const pair = generateKeyPairSync('ec', { namedCurve })
      // Many rounds: about one signature in 256 has a number with leading zeros.
      for (let round = 0; round < 300; round++) {
        const token = jwt.sign({ round }, pair.privateKey, { algorithm: algorithm as 'ES256' })
        expect(jwt.verify(token, pair.publicKey)).toMatchObject({ round })
      }
    }
  })
})
