import { describe, expect, it } from 'vitest'
import { writeKeepalive } from '../../src/wire/keepalive.ts'
import { readRouteRefresh, writeRouteRefresh } from '../../src/wire/route-refresh.ts'
import { toHex } from './vectors.ts'

describe('ROUTE-REFRESH', () => {
  it('is written and read back (RFC 2918 3)', () => {
    const out = new Uint8Array(40)
    const end = writeRouteRefresh({ afi: 25, safi: 70, subtype: 1 }, out, 2)
    expect(toHex(out.slice(2, end))).toBe(`${'ff'.repeat(16)}00170500190146`)
    expect(readRouteRefresh(out, 21, end)).toEqual({ afi: 25, safi: 70, subtype: 1 })
  })

  it('of another length ends the session with the whole message as data (RFC 7313 5)', () => {
    const message = new Uint8Array(24)
    expect(readRouteRefresh(message, 19, 24)).toMatchObject({ reach: 'session', code: 7, subcode: 1, data: message })
    expect(readRouteRefresh(message, 19, 22)).toMatchObject({ reach: 'session', code: 7, subcode: 1, data: message.slice(0, 22) })
  })
})

describe('KEEPALIVE', () => {
  it('is a header (RFC 4271 4.4)', () => {
    const out = new Uint8Array(20)
    expect(writeKeepalive(out, 1)).toBe(20)
    expect(toHex(out.slice(1))).toBe(`${'ff'.repeat(16)}001304`)
  })
})
