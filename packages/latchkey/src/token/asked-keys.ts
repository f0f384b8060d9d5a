// The key that a function finds for one token, as a source of keys: the token is read and its algorithm looked at
// before the function is asked, and what it finds is judged like any key (CVE-2026-44351).
import type { Key } from '../keys/key.ts'
import { fixedKeys, type KeyQuery, type KeySource } from '../keys/key-set.ts'
import type { SecretOrKey } from './given-key.ts'
import type { Header } from './verdict.ts'

/**
 * Finds the key for a header. A function with a second parameter answers by that callback; one without, by what it
 * returns, which may be a promise. What is found is a SecretOrKey, and judged like one. Nothing of the header is proven.
 */
export type GetKey = (header: Header, callback: (error: Error | null, key?: SecretOrKey) => void) => unknown

export class AskedKeys implements KeySource {
  readonly generation = 0
  readonly #getKey: GetKey
  readonly #read: (found: unknown) => readonly Key[]
  #keys: KeySource | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(getKey: GetKey, read: (found: unknown) => readonly Key[]) {
    this.#getKey = getKey
    this.#read = read
  }

  find(header: KeyQuery): readonly Key[] | undefined {
    return this.#keys?.find(header)
  }

  async load(header: KeyQuery): Promise<void> {
    try {
      this.#keys = fixedKeys(this.#read(await this.#ask(header as Header)))
    } catch (error) {
      this.#failure = { error }
      throw error
    }
  }

  /** Throws what the function failed with, as it was. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #ask(header: Header): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const returned = this.#getKey(header, (error, key) => {
        if (error) reject(error)
        else resolve(key)
      })
      // Who answers by a callback returns whatever its last call returned; only a failure counts then.
      const answersByCallback = this.#getKey.length > 1
      Promise.resolve(returned).then(key => {
        if (!answersByCallback) resolve(key)
      }, reject)
    })
  }
}
