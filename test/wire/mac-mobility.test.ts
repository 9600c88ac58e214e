import { describe, expect, it } from 'vitest'
import { findMacMobility, isSticky, mobilitySequence } from '../../src/wire/community/mac-mobility.ts'
import { octets } from './vectors.ts'

const RT = '0002fde900000064'

describe('MAC mobility of a route (RFC 7432 15)', () => {
  it.each([
    ['none', RT, 0, false, -1],
    ['sequence 7', `${RT}0600000000000007`, 7, false, 7],
    ['the highest sequence', `06000000ffffffff${RT}`, 0xffffffff, false, 0xffffffff],
    ['a sticky MAC', `${RT}0600010000000000`, 0, true, 2 ** 32],
    ['a sticky MAC with a sequence', `${RT}0600010000000003`, 3, true, 2 ** 32 + 3],
  ])('with %s', (_what, hex, sequence, sticky, packed) => {
    const bytes = octets(`aa${hex}`)
    const found = findMacMobility(bytes, 1, bytes.length - 1)
    expect([found, mobilitySequence(found), isSticky(found)]).toEqual([packed, sequence, sticky])
  })

  it('is looked for within the attribute only', () => {
    const bytes = octets(`${RT}0600000000000007`)
    expect(findMacMobility(bytes, 0, 8)).toBe(-1)
    expect(findMacMobility(bytes, 0, 15)).toBe(-1)
  })
})
