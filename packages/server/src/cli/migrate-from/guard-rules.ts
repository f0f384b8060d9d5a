// Guards of express-jwt: what they accept, and the guard of Latchkey that takes their place in a second step.
import type { Node, ObjectExpression } from '@babel/types'
import { checkAlgorithms, namedAlgorithms } from './algorithm-rules.ts'
import { callOptions, removeProperty } from './call-options.ts'
import type { LibraryCall } from './calls.ts'
import type { Changes } from './changes.ts'
import { checkSecret } from './secret-rules.ts'
import { placeOf, type SurveyContext } from './survey-context.ts'
import { allNodes, bare, isFunction, nameOfKey } from './syntax.ts'
import { allOf, type Place, type Value } from './value.ts'
import { checkAddressee, checkExpiration, isFromUrl } from './verify-rules.ts'

export function checkGuard(call: LibraryCall, context: SurveyContext): void {
  const { values, findings } = context
  const options = callOptions(call, values)
  checkSecret(call, namedAlgorithms(call, 'algorithms', values), context)
  if (options.kind !== 'seen') {
    findings.at('options_unseen', placeOf(call))
    return
  }
  checkExpiration(call, options, context)
  checkAlgorithms(call, options, context)
  checkAddressee(call, options, context)
  const source = tokenSource(call, options.value, context)
  if (source !== undefined && isFromUrl(source)) findings.at('token_in_url', source.at)
}

/** What `getToken` returns. */
function tokenSource(call: LibraryCall, options: Value, { values }: SurveyContext): Value | undefined {
  const getToken = values.member(options, 'getToken', placeOf(call))
  return getToken.kind === 'function' ? values.returned(getToken.at, getToken.at) : undefined
}

/** How an option of express-jwt is written for `protect`; undefined where somebody has to think. */
type Rewrite = (property: Place, context: SurveyContext) => string | undefined

const asItIs: Rewrite = ({ module, node }) => module.text.slice(node.start ?? 0, node.end ?? 0)

/** Where a `getToken` looks that only reads one member of the request. */
const credentialSources: Readonly<Record<string, (name: string) => string>> = {
  cookies: name => `from: { cookie: '${name}' }`,
  signedCookies: name => `from: { cookie: '${name}' }`,
  query: name => `from: { query: '${name}' }`,
}

/** `from` for what a `getToken` returns; empty for the Authorization header, which a guard reads by itself. */
function credentialSource(value: Value): string | undefined {
  if (value.kind !== 'unknown') return undefined
  const [request = '', room = '', name = ''] = value.chain
  if (!/^req(uest)?$/.test(request)) return undefined
  // Another scheme than Bearer has nobody to read it.
  if (room === 'headers' && name === 'authorization') return isOfBearer(value.at) ? '' : undefined
  const isSimple = value.chain.length === 3 && /^[\w-]+$/.test(name)
  return isSimple && Object.hasOwn(credentialSources, room) ? credentialSources[room]?.(name) : undefined
}

/** Whether the function around a place names no scheme but Bearer. */
function isOfBearer({ module, node }: Place): boolean {
  const around = [...module.scopes.around(node)].find(isFunction)
  const texts = around === undefined ? [] : [...allNodes(around)].filter(one => one.type === 'StringLiteral')
  return texts.every(({ value }) => value.length <= 1 || /^(bearer ?|authorization)$/i.test(value))
}

const rewrites: Readonly<Record<string, Rewrite>> = {
  secret: (property, context) => {
    const { module, node } = property
    if (node.type !== 'ObjectProperty') return undefined
    const jwks = jwksAddress({ module, node: node.value }, context)
    return jwks === undefined ? asItIs(property, context) : `jwks: ${jwks}`
  },
  algorithms: asItIs,
  issuer: asItIs,
  audience: asItIs,
  getToken: ({ module, node }, { values }) => {
    const value = node.type === 'ObjectProperty' ? node.value : node
    const getToken = values.of({ module, node: value })
    if (getToken.kind !== 'function') return undefined
    const sources = allOf(values.returned(getToken.at, { module, node: value }))
      .filter(one => one.kind !== 'nothing')
      .map(credentialSource)
    const [only] = new Set(sources)
    return new Set(sources).size === 1 ? only : undefined
  },
  credentialsRequired: ({ module, node }, { values }) => {
    const value = node.type === 'ObjectProperty' ? values.of({ module, node: node.value }) : undefined
    return value?.kind === 'truth' ? (value.isTrue ? '' : 'optional: true') : undefined
  },
}

/** `jwksRsa.expressJwtSecret({ jwksUri })`: the address as it is written. */
function jwksAddress({ module, node }: Place, { values }: SurveyContext): string | undefined {
  const call = bare(node)
  if (call.type !== 'CallExpression' || call.arguments.length !== 1) return undefined
  const names = call.callee.type === 'MemberExpression' ? call.callee.property : call.callee
  if (names.type !== 'Identifier' || names.name !== 'expressJwtSecret') return undefined
  const [options] = call.arguments
  const value = options === undefined ? undefined : values.of({ module, node: options })
  if (value?.kind !== 'object' || value.at.module !== module) return undefined
  const property = propertiesOf(value.at.node).get('jwksUri')
  return property?.type === 'ObjectProperty'
    ? module.text.slice(property.value.start ?? 0, property.value.end ?? 0)
    : undefined
}

function propertiesOf(node: Node): Map<string, Node> {
  const properties = node.type === 'ObjectExpression' ? node.properties : []
  return new Map(
    properties.map(one => ['key' in one ? (nameOfKey(one.key, one.computed) ?? '?') : '...', one] as const),
  )
}

/** Writes a guard for `protect`, where each of its options has a counterpart. Answers whether it could. */
export function rewriteGuard(call: LibraryCall, context: SurveyContext, later: Changes): boolean {
  const { module, node, args } = call
  const options = args[0] === undefined ? undefined : bare(args[0])
  const isChained = module.scopes.parentOf(node)?.type === 'MemberExpression'
  if (options?.type !== 'ObjectExpression' || args.length !== 1 || isChained) return false
  const properties = propertiesOf(options)
  const isHmac = namedAlgorithms(call, 'algorithms', context.values).every(name => name.startsWith('HS'))
  const written = [...properties].map(([name, property]) => ({
    property,
    text: Object.hasOwn(rewrites, name) ? rewrites[name]?.({ module, node: property }, context) : undefined,
  }))
  const isRemote = written.some(({ text }) => text?.startsWith('jwks:'))
  const hasIssuer = properties.has('issuer')
  // A guard that names an issuer, or a published key set, asks for both.
  const isWhole = !(hasIssuer || isRemote) || (hasIssuer && properties.has('audience'))
  if (!isWhole || !(isHmac || isRemote) || written.some(({ text }) => text === undefined)) return false
  putOptions({ module, node: options }, written, hasIssuer, later)
  return true
}

function putOptions(
  { module, node }: Place & { node: ObjectExpression },
  written: readonly { property: Node; text: string | undefined }[],
  hasIssuer: boolean,
  later: Changes,
): void {
  for (const { property, text = '' } of written) {
    const own = module.text.slice(property.start ?? 0, property.end ?? 0)
    if (text === own) continue
    if (text !== '') later.replace({ module, node: property }, text)
    else removeProperty({ module, node: property }, later)
  }
  const last = node.properties.at(-1)
  // Tokens that were signed by hand are of the type JWT.
  if (hasIssuer && last !== undefined) later.insert(module, last.end ?? 0, ", typ: ['at+jwt', 'JWT']")
}

/** The import of express-jwt with the name that the file uses, when it brings nothing else. */
export function rewriteGuardImport(node: Node): string | undefined {
  if (node.type === 'ImportDeclaration') {
    const [only] = node.specifiers
    if (only === undefined || node.specifiers.length > 1 || only.type === 'ImportNamespaceSpecifier')
      return undefined
    return `import { ${renamed('protect', only.local.name, ' as ')} } from 'latchkey/express'`
  }
  if (node.type !== 'VariableDeclarator') return undefined
  const name = requiredName(node.id)
  return name === undefined
    ? undefined
    : `{ ${renamed('protect', name, ': ')} } = require('latchkey/express')`
}

function renamed(name: string, local: string, between: string): string {
  return local === name ? name : `${name}${between}${local}`
}

function requiredName(id: Node): string | undefined {
  if (id.type === 'Identifier') return id.name
  if (id.type !== 'ObjectPattern') return undefined
  const [only] = id.properties
  if (id.properties.length !== 1 || only?.type !== 'ObjectProperty') return undefined
  return nameOfKey(only.key, only.computed) === 'expressjwt' && only.value.type === 'Identifier'
    ? only.value.name
    : undefined
}
