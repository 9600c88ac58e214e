import { describe, expect, it } from 'vitest'
import type { SessionFault } from '../../src/wire/fault.ts'
import { type Open, readOpen, writeOpen } from '../../src/wire/open.ts'
import { octets, toHex } from './vectors.ts'

const OPEN: Open = {
  version: 4,
  myAs: 65001,
  holdTimeSeconds: 9,
  routerId: 0xc0000201,
  capabilities: [
    { code: 1, value: octets('00190046') },
    { code: 65, value: octets('0000fde9') },
  ],
}
const FIXED = '04fde90009c0000201'

const read = (body: string) => readOpen(octets(body), 0, body.length / 2)

function fault(body: string): string {
  const result = read(body) as SessionFault
  return `${result.code}/${result.subcode} ${toHex(result.data)}`.trimEnd()
}

function body(open: Open): Uint8Array {
  const out = new Uint8Array(70000)
  return out.slice(19, writeOpen(open, out, 0))
}

describe('OPEN', () => {
  it('is written with each capability in its own parameter (RFC 5492 4)', () => {
    const out = new Uint8Array(100)
    const end = writeOpen(OPEN, out, 3)
    expect(toHex(out.slice(3, end))).toBe(`${'ff'.repeat(16)}002d01${FIXED}1002060104001900460206${'41040000fde9'}`)
    expect(readOpen(out, 22, end)).toEqual(OPEN)
  })

  it('takes several capabilities in one parameter (RFC 5492 4)', () => {
    expect(read(`${FIXED}0e020c01040019004641040000fde9`)).toEqual(OPEN)
  })

  it('takes the long form of optional parameters, also when it is not needed (RFC 9072 2)', () => {
    expect(read(`${FIXED}ffff000f02000c01040019004641040000fde9`)).toEqual(OPEN)
    expect(read(`${FIXED}01ff000f02000c01040019004641040000fde9`)).toEqual(OPEN)
  })

  it('is written in the long form only when 255 octets are not enough (RFC 9072 2)', () => {
    const wide = (count: number): Open => ({
      ...OPEN,
      capabilities: Array.from({ length: count }, (_, i) => ({ code: 200 + i, value: new Uint8Array(26) })),
    })
    expect(body(wide(8))[9]).toBe(240)
    expect(toHex(body(wide(9)).slice(9, 13))).toBe('ffff0117')
    expect(readOpen(body(wide(9)), 0, body(wide(9)).length)).toEqual(wide(9))
    const one: Open = { ...OPEN, capabilities: [{ code: 200, value: new Uint8Array(255) }] }
    expect(readOpen(body(one), 0, body(one).length)).toEqual(one)
  })

  it('keeps capability values in memory of their own', () => {
    const bytes = Buffer.from(`${FIXED}0802060104${'00190046'}`, 'hex')
    const open = readOpen(bytes, 0, bytes.length) as Open
    bytes.fill(0)
    expect(toHex(open.capabilities[0]!.value)).toBe('00190046')
  })

  it('of another version is refused with the version we speak (RFC 4271 6.2)', () => {
    expect(fault('03fde90009c000020100')).toBe('2/1 0004')
  })

  it('of AS 0 is refused (RFC 7607 2)', () => {
    expect(fault('0400000009c000020100')).toBe('2/2')
  })

  it('with hold time 1 or 2 is refused, with 0 or 3 it is not (RFC 4271 6.2)', () => {
    expect(fault('04fde90001c000020100')).toBe('2/6')
    expect(fault('04fde90002c000020100')).toBe('2/6')
    expect(read('04fde90000c000020100')).toMatchObject({ holdTimeSeconds: 0 })
    expect(read('04fde90003c000020100')).toMatchObject({ holdTimeSeconds: 3 })
  })

  it('with identifier 0.0.0.0 is refused (RFC 6286 2.2)', () => {
    expect(fault('04fde900090000000000')).toBe('2/3')
  })

  it('with an optional parameter other than capabilities is refused (RFC 4271 6.2)', () => {
    expect(fault(`${FIXED}03010155`)).toBe('2/4')
  })

  it.each([
    ['parameters longer than the message', `${FIXED}05020002`],
    ['parameters shorter than the message', `${FIXED}0002060104`],
    ['a parameter without a length', `${FIXED}0102`],
    ['a parameter that runs over the end', `${FIXED}03020502`],
    ['a capability without a length', `${FIXED}03020101`],
    ['a capability that runs over its parameter', `${FIXED}0402020105`],
    ['a multiprotocol capability of 3 octets', `${FIXED}0702050103001900`],
    ['a four-octet-as capability of 2 octets', `${FIXED}060204410200ff`],
    ['a long form without a length', `${FIXED}ffff00`],
    ['a long form whose length is not what follows', `${FIXED}ffff000502000101`],
  ])('with %s is malformed (RFC 4271 6.2)', (_what, hex) => {
    expect(fault(hex)).toBe('2/0')
  })

  it('with a host name that cannot be read is taken all the same', () => {
    expect(read(`${FIXED}050203490109`)).toMatchObject({ capabilities: [{ code: 73 }] })
  })

  it('too short for its fixed part has a bad length (RFC 4271 6.1)', () => {
    expect(fault(FIXED)).toBe('1/2 001c')
  })
})
