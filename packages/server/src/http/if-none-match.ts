// Conditional requests (RFC 9110 13.1.2).

/** Whether a caller holds what this tag names. Weak and strong tags are the same here. */
export function isHeld(request: Request, etag: string): boolean {
  const held = request.headers.get('if-none-match') ?? ''
  return held.split(',').some(one => one.trim().replace(/^W\//, '') === etag || one.trim() === '*')
}
