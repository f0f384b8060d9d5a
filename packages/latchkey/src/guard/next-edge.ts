// What Next's edge runtime finds in the place of the guard: there is no node:crypto there, so nothing could be verified.

/** Throws: the guard needs the Node runtime. */
export function protect(): never {
  throw new TypeError(
    "latchkey/next needs the Node runtime: write export const runtime = 'nodejs' in the route, and name the middleware file proxy.ts (or give it export const config = { runtime: 'nodejs' })",
  )
}
