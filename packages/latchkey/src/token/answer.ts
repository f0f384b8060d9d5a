// Callback or return, for the two verbs that everybody knows with both. With a callback: it is called once, never
// before the verb returns, and every failure is its `err`.

/** What a verb calls with its result, or with an error and no result. */
export type Callback<Value> = (error: Error | null, value?: Value) => void

/**
 * Starts `work` at once, so that what the caller changes afterwards has no part in it, and tells the callback later.
 * What the callback itself throws is not caught, and does not call it again.
 */
export function tell<Value>(callback: Callback<Value>, work: () => Value | Promise<Value>): void {
  new Promise<Value>(resolve => resolve(work())).then(
    value => process.nextTick(callback, null, value),
    (error: unknown) =>
      process.nextTick(callback, error instanceof Error ? error : new Error('failed', { cause: error })),
  )
}

export function isCallback(value: unknown): value is Callback<never> {
  return typeof value === 'function'
}
