// E-mail addresses: one canonical form, checked after normalising, so that no two spellings are two accounts.

/**
 * The canonical form: NFKC, lower case. Undefined for what is no address: more or less than one `@`, spaces, commas,
 * control characters (a line break would let a caller write mail headers), or longer than 254 characters.
 */
export function readEmail(text: string): string | undefined {
  const address = text.trim().normalize('NFKC').toLowerCase()
  if (address.length > 254) return undefined
  return /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u.test(
    address,
  )
    ? address
    : undefined
}
