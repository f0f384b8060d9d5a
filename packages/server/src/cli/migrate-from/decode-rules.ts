// Calls of decode: what becomes of the claims that nobody has verified.
import type { Node } from '@babel/types'
import type { LibraryCall } from './calls.ts'
import { placeOf, type SurveyContext } from './survey-context.ts'
import { isFunction, nameOfKey } from './syntax.ts'

/** What may be read before a token is verified: which key it wants, and when it says it ends. */
const harmless: readonly string[] = ['header', 'exp', 'iat', 'kid', 'alg', 'nbf']

export function checkDecode(call: LibraryCall, { findings, calls }: SurveyContext): void {
  if (calls.some(one => isVerifiedBefore(call, one))) return
  const uses = usesOf(call)
  if (uses.length > 0 && uses.every(name => name !== undefined && harmless.includes(name))) return
  findings.at('decoded_unverified', placeOf(call))
}

/** Whether the same token has been verified by then, in the same function. */
function isVerifiedBefore(call: LibraryCall, verify: LibraryCall): boolean {
  if (verify.verb !== 'verify' || verify.module !== call.module) return false
  const { scopes, text } = call.module
  const tokenOf = ({ args: [token] }: LibraryCall): string => text.slice(token?.start ?? 0, token?.end ?? 0)
  const functionOf = ({ node }: LibraryCall): Node | undefined => [...scopes.around(node)].find(isFunction)
  const isEarlier = (verify.node.start ?? 0) < (call.node.start ?? 0)
  return isEarlier && tokenOf(verify) === tokenOf(call) && functionOf(verify) === functionOf(call)
}

/** The members that are taken of a call's result; undefined where all of it goes somewhere. */
function usesOf({ module: { scopes }, node }: LibraryCall): (string | undefined)[] {
  let at: Node = node
  let parent = scopes.parentOf(at)
  while (
    parent &&
    /^(TS(As|NonNull|Satisfies)Expression|AwaitExpression|ParenthesizedExpression)$/.test(parent.type)
  ) {
    at = parent
    parent = scopes.parentOf(at)
  }
  if (parent === undefined) return [undefined]
  if (parent.type !== 'VariableDeclarator') return [memberOf(parent, at)]
  if (parent.id.type === 'ObjectPattern')
    return parent.id.properties.map(one =>
      one.type === 'ObjectProperty' ? nameOfKey(one.key, one.computed) : undefined,
    )
  if (parent.id.type !== 'Identifier') return [undefined]
  const { name } = parent.id
  return scopes.usesOf(name, parent.id).flatMap(one => useOf(one, scopes.parentOf(one)))
}

/** A condition that only asks whether there is something uses nothing. */
function useOf(node: Node, parent: Node | undefined): (string | undefined)[] {
  if (
    parent?.type === 'UnaryExpression' ||
    parent?.type === 'IfStatement' ||
    parent?.type === 'LogicalExpression'
  )
    return []
  return [parent && memberOf(parent, node)]
}

function memberOf(parent: Node, node: Node): string | undefined {
  const isMember = parent.type === 'MemberExpression' || parent.type === 'OptionalMemberExpression'
  return isMember && parent.object === node ? nameOfKey(parent.property, parent.computed) : undefined
}
