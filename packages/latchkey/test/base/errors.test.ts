import { describe, expect, it } from 'vitest'
import { type ErrorCode, errorTable, LatchkeyError } from '../../src/base/errors.ts'

const codes = Object.keys(errorTable) as ErrorCode[]

describe('LatchkeyError', () => {
  it('has a row for each code whose problem code stands for itself', () => {
    for (const code of codes) {
      const { problem, status, title } = errorTable[code]
      expect(errorTable[problem].problem, code).toBe(problem)
      expect(errorTable[problem].status, code).toBe(status)
      // RFC 6750 3: error_description has neither quotes nor backslashes, and nothing outside ASCII.
      expect(title, code).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
    }
  })

  it('carries code, status, sentence, detail and cause', () => {
    const cause = new Error('below')
    const error = new LatchkeyError('claim_missing', { claim: 'exp', detail: 'It is needed.', cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'LatchkeyError',
      code: 'claim_missing',
      problem: 'invalid_token',
      status: 401,
      oauthError: 'invalid_token',
      claim: 'exp',
      title: 'A claim is missing.',
      message: 'A claim is missing. It is needed.',
      cause,
    })
  })

  it('has no cause where none was given', () => {
    expect('cause' in new LatchkeyError('invalid_token')).toBe(false)
  })
})
