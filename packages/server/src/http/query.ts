// The parameters of a request's address.
import { LatchkeyError } from 'latchkey'

/**
 * Each parameter at most once (RFC 6749 3.1): one that comes twice would be read one way here and another way by whoever
 * checked it in front of us. Throws `invalid_request`.
 */
export function readQuery(request: Request): URLSearchParams {
  const query = new URL(request.url).searchParams
  const names = [...query.keys()]
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice === undefined) return query
  throw new LatchkeyError('invalid_request', {
    detail: `The parameter "${twice.slice(0, 80)}" comes twice.`,
  })
}
