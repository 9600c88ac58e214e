import { describe, expect, test } from 'vitest'
import { macIpNlri } from '../../wire/update-octets.ts'
import { peerSettings } from '../scripted.ts'
import { A, ASN, announce, B, Stage } from '../stage.ts'

describe('the send hold timer (RFC 9687)', () => {
  const sender = () => {
    const stage = new Stage([peerSettings('a', A, ASN, { sendHoldSeconds: 480 }), peerSettings('b', B, ASN)])
    return { stage, a: stage.up(A, ASN, 11), b: stage.up(B, ASN, 12) }
  }

  test('ends a session whose peer takes nothing', () => {
    const { stage, a } = sender()
    a.pending = 5000
    stage.world.pass(400_000)
    expect(a.closed).toBe(false)
    stage.world.pass(200_000)
    expect(a.closed).toBe(true)
  })

  test('spares a peer that takes slowly while more and more waits for it', () => {
    const { stage, a, b } = sender()
    let handed = 0
    for (let minute = 0; minute < 30; minute++) {
      b.say(announce(macIpNlri(minute)))
      stage.world.pass(60_000)
      for (const body of a.take(2)) handed += body.length + 19
      // Half of what is handed over is taken.
      a.pending = handed / 2
    }
    expect(a.closed).toBe(false)
  })
})
