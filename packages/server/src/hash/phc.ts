// The text that a password hash is kept in: `$argon2id$v=19$m=19456,t=2,p=1$salt$tag`, salt and tag in base64 without
// padding (the PHC string format, as the reference program of RFC 9106 writes it).

export interface Argon2Hash {
  memoryKiB: number
  passes: number
  lanes: number
  salt: Uint8Array
  tag: Uint8Array
}

export function writePhc({ memoryKiB, passes, lanes, salt, tag }: Argon2Hash): string {
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Undefined for what is no argon2id string of version 19, or asks for more memory or time than we would spend. */
export function readPhc(text: string): Argon2Hash | undefined {
  const [, memory, passes, lanes, salt, tag] =
    /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/.exec(
      text,
    ) ?? []
  if (salt === undefined || tag === undefined) return undefined
  const cost = { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  if (!isBearable(cost)) return undefined
  return { ...cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') }
}

const maxMemoryKiB = 262_144
const maxPasses = 16
const maxLanes = 16

function isBearable({ memoryKiB, passes, lanes }: Omit<Argon2Hash, 'salt' | 'tag'>): boolean {
  const isSmall = memoryKiB <= maxMemoryKiB && passes <= maxPasses && lanes <= maxLanes
  // RFC 9106 3.1: at least one pass, one lane, and eight blocks of 1 KiB for each lane.
  return isSmall && passes > 0 && lanes > 0 && memoryKiB >= 8 * lanes
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
