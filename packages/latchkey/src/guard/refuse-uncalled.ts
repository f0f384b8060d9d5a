// A guard that is passed uncalled would get the first request as its options: that must be a message, never a way in.

/** Throws a TypeError when `options` is not what `protect` takes but what a framework hands to a handler. */
export function refuseUncalled(name: string, options: unknown, example: string): void {
  const isOptions = typeof options === 'object' && options !== null && !Array.isArray(options)
  const isRequest = isOptions && ('headers' in options || ('req' in options && 'res' in options))
  if (isOptions && !isRequest) return
  throw new TypeError(`${name} makes a guard and has to be called: ${example}`)
}
