import { describe, expect, it } from 'vitest'
import { nearestName, refuseUnknownOptions } from '../../src/base/option-names.ts'

const known = ['noTimestamp', 'expiresIn', 'audience', 'keyid', 'unsafeIgnoreExpiration']

describe('option names', () => {
  it.each([
    ['noTimeStamp', 'noTimestamp'],
    ['notimestamp', 'noTimestamp'],
    ['expireIn', 'expiresIn'],
    ['audiance', 'audience'],
    ['keyId', 'keyid'],
    ['aud', 'audience'],
    ['exp', 'expiresIn'],
    ['ignoreExpiration', 'unsafeIgnoreExpiration'],
  ])('suggests for %s the name %s', (name, near) => {
    expect(() => refuseUnknownOptions('sign', { [name]: 1 }, known)).toThrow(
      new TypeError(`sign: there is no option '${name}'; did you mean '${near}'?`),
    )
  })

  it.each(['x', 'completelyDifferent', '__proto__x', 'q'.repeat(5000)])(
    'names what is known when nothing is near',
    name => {
      expect(() => refuseUnknownOptions('sign', { [name]: 1 }, known)).toThrow(/known are noTimestamp, /)
      expect(nearestName(name, known)).toBeUndefined()
    },
  )

  it.each([null, undefined, [], 'x', 1])('refuses %j in the place of options', options => {
    expect(() => refuseUnknownOptions('sign', options, known)).toThrow('sign: the options must be an object')
  })

  it('takes what is known', () => {
    expect(() => refuseUnknownOptions('sign', { audience: undefined }, known)).not.toThrow()
  })
})
