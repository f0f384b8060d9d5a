// Calls of verify: what it accepts, where the token comes from, and what becomes of a refusal.
import type { Node } from '@babel/types'
import { checkAlgorithms, namedAlgorithms } from './algorithm-rules.ts'
import { type CallOptions, callbackOf, callOptions, removeOption } from './call-options.ts'
import type { LibraryCall } from './calls.ts'
import { checkSecret } from './secret-rules.ts'
import { placeOf, type SurveyContext } from './survey-context.ts'
import { bare, isFunction } from './syntax.ts'
import { allOf, type Place, type Value } from './value.ts'

export function checkVerify(call: LibraryCall, context: SurveyContext): void {
  const { values, findings } = context
  const { module, args } = call
  const [token] = args
  const options = callOptions(call, values)
  checkSecret(call, namedAlgorithms(call, 'algorithms', values), context)
  if (options.kind === 'unseen') findings.at('options_unseen', placeOf(call))
  else {
    checkExpiration(call, options, context)
    checkAlgorithms(call, options, context)
    checkAddressee(call, options, context)
  }
  if (token !== undefined && isFromUrl(values.of({ module, node: token })))
    findings.at('token_in_url', { module, node: token })
  const callback = callbackOf(call, values)
  if (callback !== undefined) checkCallback(callback, context)
  checkCatch(call, context)
}

export function checkExpiration(
  call: LibraryCall,
  options: CallOptions,
  { values, findings, changes }: SurveyContext,
): void {
  if (options.kind !== 'seen') return
  const ignored = values.member(options.value, 'ignoreExpiration', placeOf(call))
  if (ignored.kind !== 'truth' || !ignored.isTrue) return
  findings.at('expiry_ignored', ignored.at, { shown: placeOf(call) })
  const { node } = options.value.at
  const isAlone = node.type === 'ObjectExpression' && node.properties.length === 1
  // Alone, its place is taken by what is added.
  const property = ignored.at.module.scopes.parentOf(ignored.at.node)
  if (isAlone && property?.type === 'ObjectProperty')
    changes.replace({ module: ignored.at.module, node: property }, "algorithms: ['HS256']")
  else removeOption(ignored.at, changes)
}

export function checkAddressee(
  call: LibraryCall,
  options: CallOptions,
  { values, findings }: SurveyContext,
): void {
  const place = placeOf(call)
  const missing = ['issuer', 'audience'].filter(
    name => options.kind !== 'seen' || values.member(options.value, name, place).kind === 'nothing',
  )
  if (missing.length === 0) return
  findings.at(
    'issuer_audience_unchecked',
    place,
    missing.length === 2 ? {} : { detail: `The ${missing[0]} of the token is not asked.` },
  )
}

/** Whether a token comes from a query, by the names on its way: `req.query.token`, `url.searchParams.get('token')`. */
export function isFromUrl(value: Value): boolean {
  return allOf(value).some(one => one.kind === 'unknown' && one.chain.some(isOfUrl))
}

/** `req.query('token')` is Hono's; `db.query('…')` is another thing. */
function isOfUrl(name: string, at: number, chain: readonly string[]): boolean {
  if (name === 'query()') return /^req(uest)?$/.test(chain[at - 1] ?? '')
  return ['query', 'searchParams', 'new URLSearchParams'].includes(name)
}

function checkCallback({ module, node }: Place, context: SurveyContext): void {
  const { findings } = context
  if (!isFunction(node) || !('params' in node) || !('body' in node)) return
  const [first] = node.params
  const at = { module, node }
  if (first === undefined || first.type !== 'Identifier') {
    if (first === undefined) findings.at('error_ignored', at)
    return
  }
  const { name } = first
  // The body of a function is a node.
  const body = node.body as Node
  const isUsed = module.scopes.usesOf(name, first).length > 0
  if (!isUsed) findings.at('error_ignored', at)
  else if (body.type === 'BlockStatement') checkRefusal({ module, node: body }, name, context)
}

/** `if (err) res.sendStatus(403)` with more behind it, and nothing that ends the function. */
function checkRefusal(body: Place, name: string, { findings, changes }: SurveyContext): void {
  if (body.node.type !== 'BlockStatement') return
  const statements = body.node.body
  for (const [at, statement] of statements.entries()) {
    if (statement.type !== 'IfStatement' || statement.alternate || at === statements.length - 1) continue
    const test = bare(statement.test)
    if (test.type !== 'Identifier' || test.name !== name || endsFunction(statement.consequent)) continue
    const place = { module: body.module, node: statement }
    findings.at('refusal_goes_on', place, { shown: place })
    const last =
      statement.consequent.type === 'BlockStatement' ? statement.consequent.body.at(-1) : statement.consequent
    if (last?.type === 'ExpressionStatement') changes.insert(body.module, last.start ?? 0, 'return ')
  }
}

function endsFunction(node: Node): boolean {
  if (node.type === 'ReturnStatement' || node.type === 'ThrowStatement') return true
  if (node.type !== 'BlockStatement') return false
  return node.body.some(endsFunction)
}

/** The `catch` around a call, when it is empty. */
function checkCatch(call: LibraryCall, { findings }: SurveyContext): void {
  let inside: Node = call.node
  for (const node of call.module.scopes.around(call.node)) {
    if (isFunction(node)) return
    if (node.type === 'TryStatement' && node.block === inside) {
      const isEmpty = node.handler?.body.body.length === 0
      if (node.handler && isEmpty)
        findings.at('refusal_swallowed', { module: call.module, node: node.handler })
      return
    }
    inside = node
  }
}
