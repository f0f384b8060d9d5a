// A page as an answer, with the policy that lets it load our own styles and scripts and nothing else.

const policyFor = (formTarget: string): string =>
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  `base-uri 'none'; form-action 'self'${formTarget}; frame-ancestors 'none'`

interface PageOptions {
  status?: number
  cacheControl?: string
  /**
   * `no-referrer` for a page whose address holds a secret. Elsewhere our own pages are told where a form was sent
   * from: under `no-referrer` a browser sends forms with the Origin `null` (Fetch, "append a request Origin header").
   */
  referrerPolicy?: 'same-origin' | 'no-referrer'
  /** Another origin that the page's form may lead on to: `form-action` holds for redirects too. */
  formTarget?: string | undefined
  headers?: Readonly<Record<string, string>>
}

export function html(
  page: { toString(): string },
  { status = 200, cacheControl = 'no-cache', referrerPolicy = 'same-origin', ...more }: PageOptions = {},
): Response {
  return new Response(`<!doctype html>${page.toString()}`, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': cacheControl,
      'content-security-policy': policyFor(more.formTarget === undefined ? '' : ` ${more.formTarget}`),
      'referrer-policy': referrerPolicy,
      'x-frame-options': 'DENY',
      ...more.headers,
    },
  })
}

/** The way on after a form (RFC 9110 15.4.4): a GET, whatever the form was sent with. `to` is ours or was allowed. */
export function seeOther(to: string): Response {
  return new Response(null, { status: 303, headers: { location: to, 'cache-control': 'no-store' } })
}
