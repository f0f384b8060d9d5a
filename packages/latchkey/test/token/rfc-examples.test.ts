// The examples that the RFCs print, each under the section it stands in.
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../src/keys/algorithms.ts'
import { createKey } from '../../src/keys/create-key.ts'
import type { Jwk } from '../../src/keys/jwk.ts'
import { signText } from '../../src/token/signature.ts'
import { createVerifier } from '../../src/token/verifier.ts'

/** The claims of RFC 7515 A.1.1 and RFC 7519 3.1, with their line breaks. */
const payload =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
const claims = { iss: 'joe', exp: 1_300_819_380, 'http://example.com/is_root': true }
const clock = (): number => 1_300_819_379_000

interface Example {
  readonly alg: Algorithm
  readonly jwk: Jwk
  readonly input: string
  readonly signature: string
  readonly isDeterministic: boolean
}

const examples: Readonly<Record<string, Example>> = {
  'RFC 7515 A.1 and RFC 7519 3.1, HMAC SHA-256': {
    alg: 'HS256',
    jwk: {
      kty: 'oct',
      k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    },
    input: `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${payload}`,
    signature: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    isDeterministic: true,
  },
  'RFC 7515 A.2, RSASSA-PKCS1-v1_5 SHA-256': {
    alg: 'RS256',
    jwk: {
      kty: 'RSA',
      n:
        'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZ' +
        'S-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2' +
        'R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcD' +
        'TW9gb54h4FRWyuXpoQ',
      e: 'AQAB',
      d:
        'Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_G' +
        'O-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQl' +
        'BjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0' +
        'QU91p1DhOVRuOopznQ',
      p:
        '4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2' +
        'KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc',
      q:
        'uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_' +
        'HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc',
      dp:
        'BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vm' +
        'AktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0',
      dq:
        'h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9c' +
        'jz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU',
      qi:
        'IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnb' +
        'JtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U',
    },
    input: `eyJhbGciOiJSUzI1NiJ9.${payload}`,
    signature:
      'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t' +
      '1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j' +
      'zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ' +
      'Ge77Rw',
    isDeterministic: true,
  },
  'RFC 7515 A.3, ECDSA P-256 SHA-256': {
    alg: 'ES256',
    jwk: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
    },
    input: `eyJhbGciOiJFUzI1NiJ9.${payload}`,
    signature: 'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
    isDeterministic: false,
  },
  'RFC 7515 A.4, ECDSA P-521 SHA-512': {
    alg: 'ES512',
    jwk: {
      kty: 'EC',
      crv: 'P-521',
      x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
      y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
      d: 'AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C',
    },
    input: 'eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA',
    signature:
      'AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZC' +
      'PEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn',
    isDeterministic: false,
  },
  'RFC 8037 A.1 to A.5, Ed25519': {
    alg: 'EdDSA',
    jwk: {
      kty: 'OKP',
      crv: 'Ed25519',
      d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    },
    input: 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
    signature: 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    isDeterministic: true,
  },
}

describe.each(Object.entries(examples))('%s', (_, { alg, jwk, input, signature, isDeterministic }) => {
  const key = createKey({ jwk }, { alg })
  const open = key.type === 'secret' ? key : createKey({ jwk: key.toJwk() })
  const verifier = createVerifier({ key: open, clock })
  // A.4 of RFC 7515 and A.4 of RFC 8037 sign a text that is no claims: such a token fails there, and not before.
  const expected = input.endsWith(payload) ? { ok: true, claims } : { ok: false, code: 'claims_malformed' }

  it('verifies', () => {
    expect(verifier.safe(`${input}.${signature}`)).toMatchObject(expected)
  })

  it('is not verified with one character changed', () => {
    const last = signature.at(-3) === 'A' ? 'B' : 'A'
    const changed = signature.slice(0, -3) + last + signature.slice(-2)
    expect(verifier.safe(`${input}.${changed}`)).toMatchObject({ ok: false, code: 'signature_invalid' })
  })

  it(`is signed to ${isDeterministic ? 'the same signature' : 'another signature that verifies'}`, () => {
    const made = signText(key, input)
    expect(made === signature).toBe(isDeterministic)
    expect(verifier.safe(`${input}.${made}`)).toMatchObject(expected)
  })
})

describe('what the RFCs print and nobody should accept', () => {
  it('[S17] RFC 7519 6.1 and RFC 7515 A.5: the unsecured token is refused', () => {
    for (const { jwk, alg } of Object.values(examples)) {
      const verifier = createVerifier({ key: createKey({ jwk }, { alg }), clock })
      expect(verifier.safe(`eyJhbGciOiJub25lIn0.${payload}.`)).toMatchObject({
        ok: false,
        code: 'alg_not_allowed',
      })
    }
  })

  it('RFC 7519 3.1: the token has expired since', () => {
    const example = examples['RFC 7515 A.1 and RFC 7519 3.1, HMAC SHA-256']
    if (example === undefined) return expect.unreachable()
    const { alg, jwk, input, signature } = example
    expect(createVerifier({ key: createKey({ jwk }, { alg }) }).safe(`${input}.${signature}`)).toMatchObject({
      code: 'token_expired',
    })
  })
})
