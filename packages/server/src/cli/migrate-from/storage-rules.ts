// Pages that keep a token in localStorage or sessionStorage.
import type { Node } from '@babel/types'
import type { SourceModule } from './application.ts'
import type { SurveyContext } from './survey-context.ts'
import { bare, nameOfKey } from './syntax.ts'

const storages: readonly string[] = ['localStorage', 'sessionStorage']
const tokenNames = /token|jwt|bearer|^auth$/i
/** Tokens that sign nobody in. */
const otherTokens = /csrf|xsrf|push|fcm|device/i

export const storageWords = /\b(?:local|session)Storage\b/

/** `localStorage.setItem('token', …)` and `localStorage.token = …`. */
export function checkStorage(module: SourceModule | undefined, context: SurveyContext): void {
  if (module === undefined) return
  for (const node of module.scopes.nodes) {
    const named = storedName(node, module, context)
    if (named !== undefined && tokenNames.test(named) && !otherTokens.test(named))
      context.findings.at('token_in_storage', { module, node })
  }
}

/** The name under which something is stored, and that of what is stored. */
function storedName(node: Node, module: SourceModule, { values }: SurveyContext): string | undefined {
  if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression')
    return isStorage(node.left.object) ? nameOfKey(node.left.property, node.left.computed) : undefined
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined
  const { object, property, computed } = node.callee
  if (!isStorage(object) || nameOfKey(property, computed) !== 'setItem') return undefined
  const [key, value] = node.arguments
  const name = key === undefined ? undefined : values.of({ module, node: key })
  const stored = value?.type === 'Identifier' ? value.name : ''
  return [name?.kind === 'text' ? name.text : '', stored].filter(one => one !== '').join(' ')
}

function isStorage(node: Node): boolean {
  const object = bare(node)
  if (object.type === 'Identifier') return storages.includes(object.name)
  return (
    object.type === 'MemberExpression' && storages.includes(nameOfKey(object.property, object.computed) ?? '')
  )
}
