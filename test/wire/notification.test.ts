import { describe, expect, it } from 'vitest'
import {
  cease,
  formatNotification,
  hardResetReason,
  type Notification,
  readNotification,
  shutdownText,
  writeNotification,
} from '../../src/wire/notification.ts'
import { CeaseSubcode, notificationName } from '../../src/wire/notification-codes.ts'
import { octets, toHex } from './vectors.ts'

const of = (hex: string) => readNotification(octets(hex), 0, hex.length / 2) as Notification

describe('NOTIFICATION', () => {
  it('is written with its header and read back (RFC 4271 4.5)', () => {
    const out = new Uint8Array(60)
    const end = writeNotification({ code: 2, subcode: 1, data: octets('0004') }, out, 5)
    expect(toHex(out.slice(5, end))).toBe(`${'ff'.repeat(16)}0017030201${'0004'}`)
    expect(readNotification(out, 24, end)).toEqual({ code: 2, subcode: 1, data: octets('0004') })
  })

  it('keeps its data when the buffer it came in is used again', () => {
    const bytes = Buffer.from('060203627965', 'hex')
    const notification = readNotification(bytes, 0, bytes.length) as Notification
    bytes.fill(0)
    expect(toHex(notification.data)).toBe('03627965')
  })

  it('of less than 21 octets has a bad length (RFC 4271 6.1)', () => {
    expect(readNotification(octets('06'), 0, 1)).toMatchObject({ code: 1, subcode: 2, data: octets('0014') })
  })

  it('carries a shutdown text with Shutdown and Reset only (RFC 9003 2)', () => {
    expect(toHex(cease(CeaseSubcode.shutdown, 'bye').data)).toBe('03627965')
    expect(toHex(cease(CeaseSubcode.reset, 'bye').data)).toBe('03627965')
    expect(toHex(cease(CeaseSubcode.deconfigured, 'bye').data)).toBe('')
    expect(toHex(cease(CeaseSubcode.shutdown).data)).toBe('')
  })

  it('cuts a shutdown text of more than 255 octets between characters (RFC 9003 2)', () => {
    const { data } = cease(CeaseSubcode.shutdown, 'ä'.repeat(200))
    expect(data.length).toBe(255)
    expect(shutdownText({ code: 6, subcode: 2, data })).toBe('ä'.repeat(127))
  })

  it('shows no shutdown text whose length is wrong, and no control characters (RFC 9003 2)', () => {
    expect(shutdownText(of('0602046279'))).toBeNull()
    expect(shutdownText(of('060203'))).toBeNull()
    expect(shutdownText(of('0602'))).toBeNull()
    expect(shutdownText(of('060200'))).toBe('')
    expect(shutdownText(of('060203611b62'))).toBe('a b')
    expect(shutdownText(of('040203627965'))).toBeNull()
  })

  it('shows the reason inside a Hard Reset, one level deep (RFC 8538 3)', () => {
    expect(hardResetReason(of('0609060203627965'))).toEqual({ code: 6, subcode: 2, data: octets('03627965') })
    expect(formatNotification(of('0609060203627965'))).toBe('Cease/Hard Reset (6/9): Cease/Administrative Shutdown (6/2): "bye"')
    expect(formatNotification(of('0609060906'))).toBe('Cease/Hard Reset (6/9): Cease/Hard Reset (6/9), data 06')
    expect(hardResetReason(of('060906'))).toBeNull()
  })

  it('is named for people, with numbers and data', () => {
    expect(formatNotification(of('0400'))).toBe('Hold Timer Expired (4/0)')
    expect(formatNotification(of('02010004'))).toBe('OPEN Message Error/Unsupported Version Number (2/1), data 0004')
    expect(formatNotification(of('0202fde9'))).toBe('OPEN Message Error/Bad Peer AS (2/2), AS 65001')
    expect(formatNotification(of('0202fa56ea01'))).toBe('OPEN Message Error/Bad Peer AS (2/2), AS 4200000001')
    expect(formatNotification(of('020201'))).toBe('OPEN Message Error/Bad Peer AS (2/2), data 01')
    expect(formatNotification(of('0602'))).toBe('Cease/Administrative Shutdown (6/2)')
    expect(notificationName(6, 77)).toBe('Cease/77')
    expect(notificationName(99, 1)).toBe('code 99/1')
  })
})
