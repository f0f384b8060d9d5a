// The second step for calls: `latchkey` itself in the place of its drop-in. Its sign, verify and decode are called the
// same way; what only the old library has is named, with its counterpart.
import type { Node } from '@babel/types'
import { namesNoSecret } from './algorithm-rules.ts'
import type { SourceModule } from './application.ts'
import { callOptions } from './call-options.ts'
import type { LibraryCall } from './calls.ts'
import { importsOf } from './import-rules.ts'
import type { PlannedChange } from './planned-change.ts'
import { placeOf, type SurveyContext } from './survey-context.ts'
import { bare, nameOfKey } from './syntax.ts'
import { dropIn, type Place, positionOf } from './value.ts'

const own = 'latchkey'

/** What both export under the same name. */
const sharedNames = [
  'sign',
  'verify',
  'decode',
  'SignOptions',
  'VerifyOptions',
  'DecodeOptions',
  'Algorithm',
  'default',
]

/** What only the old library exports. */
const counterparts: Readonly<Record<string, string>> = {
  TokenExpiredError: "error.code === 'token_expired'",
  NotBeforeError: "error.code === 'token_not_active'",
  JsonWebTokenError: 'LatchkeyError, whose code says more',
  VerifyErrors: 'LatchkeyError',
  JwtPayload: 'the type Claims',
  JwtHeader: 'the type Header',
  Jwt: 'the type CompleteToken',
  Secret: 'the type SecretOrKey',
  PublicKey: 'the type SecretOrKey',
  PrivateKey: 'the type SecretOrKey',
  VerifyCallback: 'the type Callback',
  SignCallback: 'the type Callback',
  GetPublicKeyOrSecret: 'the type GetKey',
}

/** Options that latchkey refuses, as it refuses every name that it does not know. */
const otherOptions: Readonly<Record<string, string>> = {
  ignoreExpiration: 'is unsafeIgnoreExpiration',
  ignoreNotBefore: 'has no counterpart: nbf is always looked at',
  encoding: 'has no counterpart: claims are UTF-8',
  allowInsecureKeySizes: 'has no counterpart: RSA keys have 2048 bits or more',
  allowInvalidAsymmetricKeyTypes: 'has no counterpart: a key is for its own algorithm',
}

const errorNames = /\b(?:TokenExpired|NotBefore|JsonWebToken)Error\b/
const errorCodes: Readonly<Record<string, string>> = {
  TokenExpiredError: 'token_expired',
  NotBeforeError: 'token_not_active',
}

/** What is left to do in the files that use the drop-in; nothing while they still use the old library. */
export function ownChanges(
  modules: readonly SourceModule[],
  files: readonly string[],
  context: SurveyContext,
): PlannedChange[] {
  const moved = modules.filter(module => !module.isTest && importsOf(module, dropIn).length > 0)
  if (moved.length === 0) return []
  const { application } = context
  const comparing = files
    .filter(file => errorNames.test(application.text(file)))
    .flatMap(file => application.module(file) ?? [])
    .filter(module => !module.isTest)
  return [
    ...moved.flatMap(module => changesIn(module, context)),
    ...comparing.flatMap(module => comparisons(module, context)),
  ]
}

function planned(at: Place, what: string, becomes: readonly string[] = []): PlannedChange {
  return { file: at.module.file, ...positionOf(at), step: 2, what, becomes }
}

function changesIn(module: SourceModule, context: SurveyContext): PlannedChange[] {
  const calls = context.calls.filter(call => call.module === module && call.verb !== 'guard')
  const imports = importsOf(module, dropIn)
  const before = [
    ...calls.flatMap(call => [...optionChanges(call, context), ...keyChanges(call, context)]),
    ...imports.flatMap(({ at }) => nameChanges(at)),
  ]
  const what =
    before.length === 0
      ? 'The import: the calls of this file stay as they are, and secrets have 32 bytes or more.'
      : 'The import, when the rest of this file is done.'
  for (const { at, source } of imports) writeImport(at, source, context)
  return [...before, ...imports.map(({ at }) => planned(at, what, context.later.linesOf(at)))]
}

function optionChanges(call: LibraryCall, { values }: SurveyContext): PlannedChange[] {
  const options = callOptions(call, values)
  if (options.kind !== 'seen') return []
  return Object.entries(otherOptions).flatMap(([name, counterpart]) => {
    const value = values.member(options.value, name, placeOf(call))
    const isThere = value.kind !== 'nothing' && !(value.kind === 'unknown' && value.chain[0] === '...')
    return isThere ? [planned(value.at, `The option ${name} ${counterpart}.`)] : []
  })
}

function keyChanges(call: LibraryCall, { values }: SurveyContext): PlannedChange[] {
  if (call.verb === 'decode' || !namesNoSecret(call, values)) return []
  return [
    planned(placeOf(call), "A key that is no secret: createKey({ pem }, { alg: 'RS256' }) makes it, once."),
  ]
}

/** Names that are taken from the library and that latchkey does not have. */
function nameChanges({ module, node }: Place): PlannedChange[] {
  const names = [...importedNames(node), ...memberNames({ module, node })]
  return [...new Set(names)]
    .filter(name => !sharedNames.includes(name))
    .map(name =>
      planned(
        { module, node },
        Object.hasOwn(counterparts, name)
          ? `${name} is ${counterparts[name]}.`
          : `${name} is not exported by ${own}.`,
      ),
    )
}

function importedNames(node: Node): string[] {
  if (node.type !== 'ImportDeclaration') return []
  return node.specifiers.flatMap(one =>
    one.type === 'ImportSpecifier' ? (nameOfKey(one.imported, false) ?? []) : [],
  )
}

/** `jwt.TokenExpiredError`, in types as well, which the tree of values leaves out. */
function memberNames({ module, node }: Place): string[] {
  const parent = module.scopes.parentOf(node)
  const locals =
    node.type === 'ImportDeclaration'
      ? node.specifiers.filter(one => one.type !== 'ImportSpecifier').map(one => one.local.name)
      : parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier'
        ? [parent.id.name]
        : []
  const taken =
    parent?.type === 'VariableDeclarator' && parent.id.type === 'ObjectPattern'
      ? parent.id.properties.flatMap(one => ('key' in one ? (nameOfKey(one.key, one.computed) ?? []) : []))
      : []
  const members = locals.flatMap(local =>
    [...module.text.matchAll(new RegExp(`\\b${local.replaceAll('$', '\\$')}\\s*\\??\\.\\s*(\\w+)`, 'g'))].map(
      ([, name = '']) => name,
    ),
  )
  return [...taken, ...members]
}

/** latchkey has no default export: `import jwt from` becomes `import * as jwt from`, with the names on their own. */
function writeImport({ module, node }: Place, source: Node, { later }: SurveyContext): void {
  const quote = module.text.charAt(source.start ?? 0)
  const name = `${quote}${own}${quote}`
  const [first, second] = node.type === 'ImportDeclaration' ? node.specifiers : []
  if (first?.type !== 'ImportDefaultSpecifier') {
    later.replace({ module, node: source }, name)
    return
  }
  const all = `import * as ${first.local.name} from ${name}`
  if (second?.type !== 'ImportSpecifier') {
    later.put(module, node.start ?? 0, source.end ?? 0, all)
    return
  }
  later.put(module, node.start ?? 0, second.start ?? 0, `${all}\nimport { `)
  later.replace({ module, node: source }, name)
}

/** `error.name === 'TokenExpiredError'` is `error.code === 'token_expired'`. */
function comparisons(module: SourceModule, { later }: SurveyContext): PlannedChange[] {
  return module.scopes.nodes.flatMap(node => {
    if (node.type !== 'StringLiteral' || !errorNames.test(node.value)) return []
    const parent = module.scopes.parentOf(node)
    const code = errorCodes[node.value]
    const left = parent?.type === 'BinaryExpression' && parent.right === node ? bare(parent.left) : undefined
    const isName =
      (left?.type === 'MemberExpression' || left?.type === 'OptionalMemberExpression') &&
      nameOfKey(left.property, left.computed) === 'name'
    const at = { module, node }
    if (code === undefined || !isName || parent === undefined)
      return [planned(at, `${node.value}, by its name: ${counterparts[node.value] ?? 'LatchkeyError'}.`)]
    later.replace({ module, node: left.property }, 'code')
    later.replace(at, `'${code}'`)
    return [planned(at, 'An error, by its name.', later.linesOf({ module, node: parent }))]
  })
}
