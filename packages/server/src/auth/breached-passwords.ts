// Asks a service that knows leaked passwords, without telling it the password: by the first 20 bits of its SHA-1,
// which thousands of others share (the k-anonymity of the Pwned Passwords range interface).
import { createHash } from 'node:crypto'
import { LatchkeyError } from 'latchkey'

const prefixLength = 5
const timeoutMs = 3_000
const maxAnswerBytes = 1024 * 1024

/**
 * How often a password was seen in leaks. `url` ends where the prefix goes. Throws `overloaded` when the service
 * gives no answer that can be read: a check that was asked for is not skipped.
 */
export async function countLeaks(url: string, password: string): Promise<number> {
  const hash = createHash('sha1').update(password).digest('hex').toUpperCase()
  const [prefix, suffix] = [hash.slice(0, prefixLength), hash.slice(prefixLength)]
  const line = (await ask(`${url}${prefix}`))
    .split(/\r?\n/)
    .find(one => one.toUpperCase().startsWith(`${suffix}:`))
  // Lines that only fill the answer up count 0.
  return Number(line?.slice(suffix.length + 1) ?? 0)
}

async function ask(address: string): Promise<string> {
  try {
    const answer = await fetch(address, {
      // The answer is filled up, so that its length does not tell the prefix.
      headers: { 'add-padding': 'true' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!answer.ok) throw new Error(`it answered ${answer.status}`)
    return await readText(answer)
  } catch (cause) {
    throw new LatchkeyError('overloaded', {
      detail: 'the service that knows leaked passwords is away',
      cause,
    })
  }
}

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of answer.body ?? []) {
    total += chunk.length
    if (total > maxAnswerBytes) throw new Error('its answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}
