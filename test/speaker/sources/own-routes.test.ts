import { expect, test } from 'vitest'
import { asPath, join, macIpNlri, ORIGIN_IGP } from '../../wire/update-octets.ts'
import { peerSettings } from '../scripted.ts'
import { A, ASN, B, heard, NEXT_HOP, Stage } from '../stage.ts'

test('routes of its own are told without reflection attributes and taken back', () => {
  const stage = new Stage([peerSettings('a', A, ASN)])
  const a = stage.up(A, ASN, 11)
  stage.speaker.own.originate(Uint8Array.from(NEXT_HOP), join(ORIGIN_IGP, asPath()), macIpNlri(1))
  stage.world.pass(1)
  expect([...heard(a).table.values()][0]).toMatch(/ via c0000209 64\/1:00 64\/2: 64\/5:00000064$/)
  stage.speaker.own.retract(macIpNlri(1))
  stage.world.pass(1)
  expect(a.take(2)).toHaveLength(1)
  expect(stage.held).toBe(0)
})

test('of memory that a maker writes into again and again only what it has just written is taken', () => {
  const stage = new Stage([peerSettings('a', A, ASN)])
  const a = stage.up(A, ASN, 11)
  const { own } = stage.speaker
  const written = join(ORIGIN_IGP, asPath())
  const attributes = join(written, Uint8Array.of(0xff, 0xff))
  const both = join(macIpNlri(1), macIpNlri(2))
  const one = macIpNlri(1).length
  own.originate(Uint8Array.from(NEXT_HOP), attributes, both, 0, written.length, one)
  expect(stage.speaker.rib.paths).toBe(1)
  own.originate(Uint8Array.from(NEXT_HOP), written, macIpNlri(2))
  stage.world.pass(1)
  expect(heard(a).table.size).toBe(2)
  own.retract(both, 0, one)
  stage.world.pass(1)
  expect(stage.speaker.rib.paths).toBe(1)
})

test('routes of a source made for another domain are told to nobody inside, those made for the inside to everybody, and dropping it takes all back', () => {
  const stage = new Stage([peerSettings('a', A, ASN), peerSettings('b', B, 65009)])
  const [a, b] = [stage.up(A, ASN, 11), stage.up(B, 65009, 12)]
  const made = (madeFor: 'inside' | 'outside') =>
    stage.speaker.own.addSource({ external: true, client: false, routerId: 1, domain: 'fra', madeFor })
  const [inside, outside] = [made('inside'), made('outside')]
  for (const [source, n] of [
    [inside, 1],
    [outside, 2],
  ] as const) {
    stage.speaker.own.originate(Uint8Array.from(NEXT_HOP), join(ORIGIN_IGP, asPath()), macIpNlri(n), source)
  }
  stage.world.pass(1)
  const [toA] = [...heard(a).table.values()]
  expect(toA).toMatch(/ via c0000209 64\/1:00 64\/2: 64\/5:00000064$/)
  expect([heard(b).table.size, stage.speaker.rib.paths]).toEqual([1, 2])
  stage.speaker.own.dropSource(inside)
  stage.speaker.own.dropSource(outside)
  stage.world.pass(1)
  expect(stage.held).toBe(0)
  expect(stage.speaker.sources.sourceOf(inside)).toBeUndefined()
  expect(a.take(2)).toHaveLength(1)
})
