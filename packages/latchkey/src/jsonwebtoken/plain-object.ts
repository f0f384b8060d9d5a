// What the old library calls a plain object: made by a literal, by `Object`, or without a prototype, in any realm.

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  if (Object.prototype.toString.call(value) !== '[object Object]') return false
  const prototype: object | null = Object.getPrototypeOf(value)
  if (prototype === null) return true
  // The root of another realm is known by what only a root has.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}

/** A text, or the object around one. */
export function isText(value: unknown): boolean {
  return typeof value === 'string' || isBoxed(value, '[object String]')
}

/** A number, or the object around one. */
export function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || isBoxed(value, '[object Number]')
}

/** A boolean, or the object around one. */
export function isTruth(value: unknown): boolean {
  return typeof value === 'boolean' || isBoxed(value, '[object Boolean]')
}

function isBoxed(value: unknown, tag: string): boolean {
  return typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === tag
}
