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

/** What a field of a class is given: where it is declared, and by the class's own code. */
export function givenToField(body: ClassBody, name: string): Node[] {
  return body.body.flatMap(member => {
    if (member.type === 'ClassMethod') return [...ownNodes(member.body)].flatMap(one => assignedTo(one, name))
    const isDeclared = member.type === 'ClassProperty' && nameOfKey(member.key, member.computed) === name
    return isDeclared && member.value ? [member.value] : []
  })
}

/** `this.name = …` */
function assignedTo(node: Node, name: string): Node[] {
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return []
  const { object, property, computed } = node.left
  return object.type === 'ThisExpression' && nameOfKey(property, computed) === name ? [node.right] : []
}
