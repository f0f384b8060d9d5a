// An application with faults planted in it, each behind a mark that names what is to be found right there:
// `/*! code */` before a piece of code, several codes with blanks between.

/** What the marks in files name, as `file:line:column code`. */
export function marksIn(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).flatMap(([file, text]) =>
    [...text.matchAll(/\/\*! ([\w ]+?) \*\/\s*/g)].flatMap(({ 0: mark, 1: codes = '', index }) => {
      const before = text.slice(0, index + mark.length)
      const place = `${file}:${before.split('\n').length}:${before.length - before.lastIndexOf('\n')}`
      return codes.split(' ').map(code => `${place} ${code}`)
    }),
  )
}

/** Secrets of the planted application: none of them may ever be printed. */
export const plantedSecrets = {
  word: 'Xyzzy-plugh-7',
  config: 'Bezoar9',
  fallback: 'Fnord~23',
  long: 'Quux-0123456789-0123456789-0123456789-abcdef',
  inBuffer: 'Grault_5',
  refresh: 'Garply^Waldo',
  guard: 'Thud!Thud',
  inData: 'Corge.88',
  environment: 'Wibble=4',
  default: 'Flob#1',
  field: 'Zap;ZapZap',
  returned: 'Blarg@@11',
  inPage: 'Plover-in-a-page',
  inSettings: 'Hocus-pocus',
  inFallback: 'Abra(cadabra)',
  trimmed: 'Simsalabim!',
  inClass: 'Mumpitz/9',
  inParameter: 'Larifari',
  // On lines that change, and no business of the library.
  besideUrl: 'Frobozz4',
  besideComment: 'OldSecret1',
  besideBlock: 'OldSecret2',
  besideWord: 'Plughword',
  besideArgument: 'Xyzzyword',
  besideTemplate: 'Grue-eats-you',
  besideClaim: 'Zorkmid7',
  besideVariable: 'Lanternword',
  besidePattern: 'Hollow Voice',
  besideType: 'Brass/Bell',
  besidePage: 'Jade+Figurine',
}

const s = plantedSecrets

/** The body of a key is enough: it is found by its head. */
export const plantedPem = `-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqWubble\\n-----END PRIVATE KEY-----\\n`

export const plantedApplication: Readonly<Record<string, string>> = {
  'package.json': `{
  "name": "planted",
  "dependencies": {
    "express-jwt": "^5.3.3",
    "jsonwebtoken": "^8.5.1",
    "passport-jwt": "^4.0.1"
  },
  "devDependencies": { "@types/jsonwebtoken": "^9.0.0" }
}
`,
  '.env': `# settings
PORT=3000
ACCESS_SECRET="${s.environment}"
SHORT_SECRET=${s.environment}
LIFETIME=3600
`,
  '.gitignore': `.env\nignored/\n`,
  // Secrets, however they come to a call.
  'src/words.js': `const jwt = require('jsonwebtoken')
const config = require('../config/auth.config')
const { jwtSecret } = require('../config/data.json')
exports.a = claims => /*! expiry_unseen */ jwt.sign(claims, /*! secret_in_code secret_short */ '${s.word}')
exports.b = () => jwt.sign({ sub: '1' }, config.auth.secret, { expiresIn: '1h' })
exports.c = () => jwt.sign({ sub: '1' }, jwtSecret, { expiresIn: '1h' })
exports.d = () => jwt.sign({ sub: '1' }, process.env.ACCESS_SECRET, { expiresIn: '1h' })
exports.e = () => jwt.sign({ sub: '1' }, process.env.A || /*! secret_fallback secret_short */ '${s.fallback}', { expiresIn: '1h' })
exports.f = () => jwt.sign({ sub: '1' }, Buffer.from(/*! secret_in_code secret_short */ '${s.inBuffer}'), { expiresIn: '1h' })
exports.g = () => jwt.sign({ sub: '1' }, /*! secret_in_code */ \`${s.long}\`, { expiresIn: '1h' })
exports.h = () => jwt.sign({ sub: '1' }, /*! secret_in_code secret_short */ '${s.long}', { algorithm: 'HS512', expiresIn: '1h' })
exports.i = () => jwt.sign({ sub: '1' }, /*! private_key_in_code */ '${plantedPem}', { algorithm: 'RS256', expiresIn: '1h' })
exports.j = () => jwt.sign({ sub: '1' }, { key: process.env.PEM, passphrase: /*! secret_in_code */ '${s.refresh}' }, { algorithm: 'RS256', expiresIn: '1h' })
const find = () => { return /*! secret_in_code secret_short */ '${s.returned}' }
exports.k = () => jwt.sign({ sub: '1' }, find(), { expiresIn: '1h' })
`,
  'config/auth.config.js': `module.exports = {
  auth: {
    secret: /*! secret_in_code secret_short */ '${s.config}',
  },
}
`,
  'config/data.json': `{
  "jwtSecret": "${s.inData}"
}
`,
  'src/tokens.ts': `import jwt, { type JwtPayload } from 'jsonwebtoken'
const { REFRESH_SECRET = /*! secret_fallback secret_short */ '${s.default}' } = process.env
export class Tokens {
  private readonly secret = /*! secret_in_code secret_short */ '${s.field}'
  issue(id: string): string {
    return jwt.sign({ sub: id }, this.secret, { expiresIn: '15m', issuer: 'me', audience: 'me' })
  }
  renew(token: string): JwtPayload {
    return jwt.verify(token, REFRESH_SECRET!, { algorithms: ['HS256'], issuer: 'me', audience: 'me' }) as JwtPayload
  }
}
`,
  // Expiry.
  'src/expiry.js': `import * as jwt from 'jsonwebtoken'
const key = process.env.KEY
const forever = { subject: '1' }
const dated = { expiresIn: '2h' }
const later = {}
later.expiresIn = '5m'
export const a = /*! expiry_missing */ jwt.sign({ id: 1 }, key)
export const b = /*! expiry_missing */ jwt.sign({ id: 1 }, key, forever)
export const c = jwt.sign({ id: 1 }, key, dated)
export const d = jwt.sign({ id: 1 }, key, later)
export const e = jwt.sign({ id: 1, exp: Math.floor(Date.now() / 1000) + 60 }, key)
export const f = jwt.sign({ id: 1, exp: /*! expiry_unit */ Date.now() + 3600 }, key)
export const g = jwt.sign({ id: 1 }, key, { expiresIn: /*! expiry_unit */ '3600' })
export const h = jwt.sign({ id: 1 }, key, { expiresIn: /*! expiry_long */ '365d' })
export const i = jwt.sign({ id: 1 }, key, { expiresIn: /*! expiry_long */ 1000 * 60 * 60 * 24 })
export const j = options => /*! options_unseen */ jwt.sign({ id: 1 }, key, options)
export const k = options => /*! expiry_unseen */ jwt.sign({ ...options, id: 1 }, key)
export const l = /*! expiry_missing */ jwt.sign({ id: 1 }, key, (err, token) => token)
export const m = jwt.sign({ id: 1, user: { /*! claims_secret */ password: 'x' } }, key, dated)
const member = { username: 'ada', /*! claims_secret */ password: 'x' }
const roster = { /*! claims_secret */ pin: 1 }
export const mm = jwt.sign({ user: member, ...roster }, key, dated)
export const n = /*! algorithm_none expiry_missing */ jwt.sign({ id: 1 }, null, { algorithm: 'none' })
`,
  // Algorithms, and calls under other names.
  'src/algorithms.js': `import token, { verify as check, decode } from 'jsonwebtoken'
import { promisify } from 'node:util'
const own = { issuer: 'me', audience: 'me' }
const again = token.verify
const later = promisify(token.verify)
const bound = token.verify.bind(token)
const { ['verify']: taken } = token
const key = process.env.KEY
export const a = t => /*! algorithms_missing issuer_audience_unchecked */ check(t, key)
export const b = t => /*! algorithms_missing */ again(t, key, own)
export const c = async t => await /*! algorithms_missing */ later(t, key, own)
export const d = t => /*! algorithms_missing */ bound(t, key, { ...own })
export const e = t => /*! algorithms_missing */ taken(t, key, own)
export const f = t => /*! algorithms_missing */ token['verify'](t, key, own)
export const g = t => /*! algorithms_missing */ token?.verify(t, key, own)
export const h = t => /*! algorithms_missing */ token.verify.call(token, t, key, own)
export const i = t => token.verify(t, key, { ...own, algorithms: /*! algorithm_none */ ['HS256', 'none'] })
export const j = t => token.verify(t, key, { ...own, algorithms: /*! algorithms_mixed */ ['HS256', 'RS256'] })
export const k = (t, o) => /*! options_unseen */ token.verify(t, key, o)
export const l = t => token.verify(t, key, { ...own, algorithms: ['HS256'], ignoreExpiration: /*! expiry_ignored */ true })
export const m = ts => ts.map(/*! call_unseen */ decode)
export const n = async t => (await import('jsonwebtoken')).default
export const o = async t => { const { verify } = await import('jsonwebtoken'); return /*! algorithms_missing */ verify(t, key, own) }
export const p = t => /*! issuer_audience_unchecked */ token.verify(t, key, { algorithms: ['HS256'], issuer: 'me' })
export const q = t => token.verify(t, (header, done) => fetch(/*! key_from_token */ header.jku).then(done), { ...own, algorithms: ['RS256'] })
`,
  // A module of the application that hands the library on.
  'src/lib/jwt.ts': `import jwt from 'jsonwebtoken'
export const { sign, verify } = jwt
export { jwt }
`,
  'src/behind.tsx': `import { sign, jwt } from '@/lib/jwt'
export const Page = () => <p title={/*! expiry_missing */ sign({ id: 1 }, process.env.KEY!)}>hello</p>
export const read = (t: string) => <b>{String(/*! decoded_unverified */ jwt.decode(t))}</b>
`,
  'tsconfig.json': `{
  // aliases
  "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } },
}
`,
  // What a handler does with token and refusal.
  'src/handlers.js': `const jwt = require('jsonwebtoken')
const key = process.env.KEY
const o = { algorithms: ['HS256'], issuer: 'me', audience: 'me' }
const tokenOf = req => req.query.token
module.exports = {
  a: (req, res, next) => jwt.verify(/*! token_in_url */ req.query.token, key, o),
  b: req => { const { token } = req.query; return jwt.verify(/*! token_in_url */ token, key, o) },
  c: req => jwt.verify(/*! token_in_url */ tokenOf(req), key, o),
  d: req => jwt.verify(/*! token_in_url */ new URL(req.url).searchParams.get('token'), key, o),
  e: (req, res, next) => jwt.verify(req.token, key, o, /*! error_ignored */ (err, claims) => { req.user = claims; next() }),
  f: (req, res, next) => jwt.verify(req.token, key, o, (err, claims) => {
    /*! refusal_goes_on */ if (err) res.sendStatus(403)
    req.user = claims
    next()
  }),
  g: (req, res, next) => jwt.verify(req.token, key, o, (err, claims) => {
    if (err) return res.sendStatus(403)
    req.user = claims
    next()
  }),
  h: (req, res, next) => jwt.verify(req.token, key, o, (err, claims) => {
    if (err) { res.sendStatus(403) } else { req.user = claims; next() }
  }),
  i: (req, res, next) => {
    try { req.user = jwt.verify(req.token, key, o) } /*! refusal_swallowed */ catch (e) {}
    next()
  },
  j: (req, res, next) => {
    try { req.user = jwt.verify(req.token, key, o); next() } catch (e) { res.sendStatus(401) }
  },
  k: (req, res, next) => { req.user = /*! decoded_unverified */ jwt.decode(req.token); next() },
  l: req => { const { header } = jwt.decode(req.token, { complete: true }); return header.kid },
  m: req => { const token = jwt.decode(req.token, { complete: true }); if (!token) return; return token.header.kid },
  n: req => jwt.decode(req.token).exp < Date.now() / 1000,
}
`,
  // What looks like a fault and is none.
  'src/sound.ts': `import jwt from 'jsonwebtoken'
const key = process.env.KEY ?? ''
const o = { algorithms: ['HS256' as const], issuer: 'me', audience: 'me' }
export function a(t: string) { jwt.verify(t, key, o); return jwt.decode(t) }
export const b = async (password: string) => jwt.sign({ id: await find({ password }) }, key, { expiresIn: '1h' })
export const c = async () => jwt.verify((await db.query('select')).rows[0].token, key, o)
export const d = (t: string) => { try { return jwt.verify(t, (key), o) } catch { return undefined } }
localStorage.setItem('csrf_token', t)
`,
  // Values that hang on themselves.
  'src/circles.ts': `import jwt from 'jsonwebtoken'
import { there } from './circles'
let o = { expiresIn: '1h' }
o = { ...o, issuer: 'me' }
const ping = () => pong()
const pong = () => ping()
export const here = there
export { here as there }
class Own { own = this.own; sign = () => jwt.sign({ id: 1 }, this.own, { expiresIn: '1h' }) }
export const a = () => /*! options_unseen */ jwt.sign({ id: 1 }, there, o)
export const b = () => jwt.sign({ id: 1 }, ping(), { expiresIn: '1h' })
`,
  // Other ways to keep a secret in the code.
  'src/classes.ts': `import jwt from 'jsonwebtoken'
class Keys { static readonly access = /*! secret_in_code secret_short */ '${s.inClass}' }
export const a = () => jwt.sign({ id: 1 }, Keys.access, { expiresIn: '1h' })
export const b = (secret = /*! secret_fallback secret_short */ '${s.inParameter}') => jwt.sign({ id: 1 }, secret, { expiresIn: '1h' })
export const c = () => /*! expiry_missing */ jwt.sign({ id: 1 }, (process.env.KEY as string))
`,
  // A package of the workspace that hands the library on.
  'packages/tokens/package.json': '{ "name": "@planted/tokens" }',
  'packages/tokens/src/index.ts': `export * as tokens from 'jsonwebtoken'\n`,
  'packages/api/main.ts': `import { tokens } from '@planted/tokens'
export const a = () => /*! expiry_missing */ tokens.sign({ id: 1 }, process.env.KEY ?? '')
`,
  // The package config reads a folder of that name; others read the environment under another name.
  'src/settings.js': `const jwt = require('jsonwebtoken')
const config = require('config')
const o = { expiresIn: '1h' }
exports.a = () => jwt.sign({ id: 1 }, config.get('jwtSecret'), o)
exports.b = () => jwt.sign({ id: 1 }, config.get('auth.secret'), o)
exports.c = nest => jwt.sign({ id: 1 }, nest.configService.get('SHORT_SECRET'), o)
exports.d = () => {
  const configured = process.env.KEY && process.env.KEY.trim()
  const find = () => { if (configured) return configured; return /*! secret_fallback secret_short */ '${s.trimmed}' }
  return jwt.sign({ id: 1 }, find(), o)
}
exports.e = () => jwt.sign({ id: 1 }, process.env.KEY, { expiresIn: process.env.LIFETIME })
`,
  'config/default.json': `{ "jwtSecret": "${s.inSettings}", "auth": { "secret": "${s.inFallback}" } }\n`,
  'config/custom-environment-variables.json': '{ "auth": { "secret": "AUTH_SECRET" } }\n',
  // Secrets that have nothing to do with the library, on lines that change.
  'src/beside.js': `const jwt = require('jsonwebtoken'), word = '${s.besideVariable}'
const key = process.env.KEY
export const a = () => { connect('postgres://me:${s.besideUrl}@host'); return /*! expiry_missing */ jwt.sign({ id: 1 }, key) }
export const b = () => /*! expiry_missing */ jwt.sign({ id: 1 }, key) // it was ${s.besideComment}
export const c = () => /*! expiry_missing */ jwt.sign({ id: 1 }, /* ${s.besideBlock} */ key)
export const d = () => /*! expiry_missing */ jwt.sign({ id: 1, /*! claims_secret */ password: '${s.besideWord}' }, key)
export const e = () => /*! expiry_missing */ jwt.sign({ id: find('${s.besideArgument}') }, key)
export const f = x => /*! expiry_missing */ jwt.sign({ id: \`${s.besideTemplate}\` }, key)
export const g = () => /*! expiry_missing */ jwt.sign({ id: '${s.besideClaim}' }, key)
export const h = t => /*! expiry_missing */ jwt.sign({ id: /${s.besidePattern}/.test(t) }, key)
`,
  'src/beside.ts': `import jwt from 'jsonwebtoken'
export const a = (key: unknown) => /*! expiry_missing */ jwt.sign({ id: 1 }, key as '${s.besideType}')
`,
  'public/beside.html': `<p data-key="${s.besidePage}"><script>const t = require('jsonwebtoken').decode(c).exp</script>`,
  // Guards of express-jwt.
  'src/guards.js': `const { expressjwt } = require('express-jwt')
const getToken = req => req.query.access_token
exports.a = expressjwt({ secret: /*! secret_in_code secret_short */ '${s.guard}', algorithms: ['HS256'], issuer: 'me', audience: 'me' })
exports.b = /*! algorithms_missing issuer_audience_unchecked */ expressjwt({ secret: process.env.KEY })
exports.c = expressjwt({ secret: process.env.KEY, algorithms: ['HS256'], issuer: 'me', audience: 'me', getToken: req => /*! token_in_url */ req.query.t })
`,
  // Pages.
  'public/app.js': `/*! token_in_storage */ localStorage.setItem('access_token', token)
/*! token_in_storage */ window.sessionStorage.jwt = token
localStorage.setItem('theme', 'dark')
`,
  'public/login.vue': `<template><p>token</p></template>
<script setup lang="ts">
const token: string = await signIn()
/*! token_in_storage */ localStorage.setItem('token', token)
</script>
`,
  // Not a danger: a test's own secret.
  'test/tokens.test.js': `const jwt = require('jsonwebtoken')
const t = /*! expiry_missing */ jwt.sign({ id: 1 }, /*! secret_in_code secret_short */ 'test')
`,
  'src/broken.js': `const jwt = require('jsonwebtoken')
const = /*! file_unreadable */
`,
  'ignored/secret.js': `require('jsonwebtoken').sign({}, 'secret')\n`,
  'node_modules/x/index.js': `require('jsonwebtoken').sign({}, 'secret')\n`,
  'dist/out.js': `require('jsonwebtoken').sign({}, 'secret')\n`,
}

/** What is found in files that take no marks. */
export const plantedElsewhere: readonly string[] = [
  '.env:3:1 secret_short',
  '.env:4:1 secret_short',
  '.env:5:1 expiry_unit',
  'config/data.json:2:16 secret_in_code',
  'config/data.json:2:16 secret_short',
  'config/default.json:1:16 secret_in_code',
  'config/default.json:1:16 secret_short',
  'config/default.json:1:51 secret_fallback',
  'config/default.json:1:51 secret_short',
  'package.json:4:5 library_old',
  'package.json:5:5 library_old',
  'package.json:6:5 library_other',
]
