// What stands in objects and classes: the code of each member, and what is spread among them.
import type { ClassBody, Node } from '@babel/types'
import { nameOfKey, ownNodes } from './syntax.ts'

export type Member =
  | { readonly kind: 'own'; readonly name: string | undefined; readonly node: Node }
  | { readonly kind: 'spread'; readonly node: Node }

/** The members of an object, or the static ones of a class, in their order. A method is its own code. */
export function membersOf(node: Node): Member[] {
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression')
    return node.body.body.flatMap(one => ('static' in one && one.static ? classMember(one) : []))
  if (node.type !== 'ObjectExpression') return []
  return node.properties.map((one): Member => {
    if (one.type === 'SpreadElement') return { kind: 'spread', node: one.argument }
    const name = nameOfKey(one.key, one.computed)
    return { kind: 'own', name, node: one.type === 'ObjectMethod' ? one : one.value }
  })
}

function classMember(node: Node): Member[] {
  if (node.type === 'ClassMethod') return [{ kind: 'own', name: nameOfKey(node.key, node.computed), node }]
  if (node.type !== 'ClassProperty' || !node.value) return []
  return [{ kind: 'own', name: nameOfKey(node.key, node.computed), node: node.value }]
}

const known = new WeakMap<ClassBody, Map<string, Node[]>>()

/** What the fields of a class are given, by their names: where they are declared, and by the class's own code. */
export function fieldsOf(body: ClassBody): ReadonlyMap<string, readonly Node[]> {
  const before = known.get(body)
  if (before !== undefined) return before
  const fields = new Map<string, Node[]>()
  for (const { name, node } of body.body.flatMap(givenBy))
    fields.set(name, [...(fields.get(name) ?? []), node])
  known.set(body, fields)
  return fields
}

interface Field {
  readonly name: string
  readonly node: Node
}

function givenBy(member: Node): Field[] {
  if (member.type === 'ClassMethod') return [...ownNodes(member.body)].flatMap(assignedToField)
  if (member.type !== 'ClassProperty' || !member.value) return []
  const name = nameOfKey(member.key, member.computed)
  return name === undefined ? [] : [{ name, node: member.value }]
}

/** `this.name = …` */
function assignedToField(node: Node): Field[] {
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return []
  const { object, property, computed } = node.left
  const name = nameOfKey(property, computed)
  return object.type === 'ThisExpression' && name !== undefined ? [{ name, node: node.right }] : []
}
