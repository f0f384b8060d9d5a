// The floor under everybody: node:crypto alone, on bytes that lie ready. No token is taken apart, no JSON is read, no
// claim is looked at.
import { createHmac, sign, timingSafeEqual, verify } from 'node:crypto'

/** Checks prepared signatures in turn. ES256 in DER, which OpenSSL takes as it is. */
export function bareVerify(key, inputs) {
  const isSecret = key.alg === 'HS256'
  const prepared = inputs.map(input => ({
    input,
    signature: isSecret ? macOf(key, input) : sign(key.hash, input, key.signing),
  }))
  const check = isSecret
    ? ({ input, signature }) => timingSafeEqual(macOf(key, input), signature)
    : ({ input, signature }) => verify(key.hash, input, key.verifying, signature)
  if (!check(prepared[0])) throw new Error('bare node:crypto refuses its own signature')
  return inTurn(prepared, check)
}

/** Signs in turn; HMAC to base64url text, the rest to the bytes as OpenSSL gives them. */
export function bareSign(key, inputs) {
  if (key.alg !== 'HS256') return inTurn(inputs, input => sign(key.hash, input, key.signing))
  return inTurn(inputs, input => createHmac('sha256', key.signing).update(input).digest('base64url'))
}

function macOf(key, input) {
  return createHmac('sha256', key.signing).update(input).digest()
}

function inTurn(list, work) {
  let next = 0
  return count => {
    for (let done = 0; done < count; done++) {
      work(list[next])
      next = next + 1 === list.length ? 0 : next + 1
    }
  }
}
