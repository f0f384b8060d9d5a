// A page as an answer, with the policy that lets it load our own style and nothing else.

const policy =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export function html(
  page: { toString(): string },
  { status = 200, cacheControl = 'no-cache' }: { status?: number; cacheControl?: string } = {},
): Response {
  return new Response(`<!doctype html>${page.toString()}`, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': cacheControl,
      'content-security-policy': policy,
      'x-frame-options': 'DENY',
    },
  })
}
