import { describe, expect, test } from 'vitest'
import { externalExporter } from '../../../src/advertise/exporter/exporters.ts'
import { toOldSpeaker } from '../../../src/advertise/exporter/old-speaker.ts'
import { Buckets } from '../../../src/advertise/packing/buckets.ts'
import { UpdateGroup } from '../../../src/advertise/update-group.ts'
import { attributesOf, Feed, intern } from '../../rib/feed.ts'
import { asPath, attribute, extCommunities, join, macIpNlri, ORIGIN_IGP, u16Octets, u32Octets } from '../../wire/update-octets.ts'
import { Receiver } from '../receiver.ts'

const SELF = { asn: 4_200_000_001, routerId: 1, clusterId: 1 }

function told(...attributes: readonly Uint8Array[]): Uint8Array {
  const { sets } = new Feed()
  const exporter = toOldSpeaker(externalExporter(sets, SELF, () => undefined))
  const out = new Uint8Array(5000)
  return out.slice(0, exporter.write(intern(sets, 1, join(...attributes)), out, 0))
}

const contains = (octets: Uint8Array, part: Uint8Array) => Buffer.from(octets).includes(Buffer.from(part))

describe('towards a peer without 4-octet AS numbers (RFC 6793 4.2.2)', () => {
  test('AS numbers that do not fit become AS_TRANS, the whole path goes along in AS4_PATH, in ascending order of codes', () => {
    const targets = extCommunities('0002fde900002774')
    const pmsi = attribute(0xc0, 22, Array(9).fill(0))
    expect(told(ORIGIN_IGP, asPath(65001, 4_200_000_002), targets, pmsi)).toEqual(
      join(
        ORIGIN_IGP,
        attribute(0x40, 2, [2, 3, ...u16Octets(23456), ...u16Octets(65001), ...u16Octets(23456)]),
        targets,
        attribute(0xc0, 17, [2, 3, ...u32Octets(4_200_000_001), ...u32Octets(65001), ...u32Octets(4_200_000_002)]),
        pmsi,
      ),
    )
  })

  test('the AGGREGATOR has its AS4_AGGREGATOR when its AS does not fit, none when it does', () => {
    const wide = attribute(0xc0, 7, [...u32Octets(4_200_000_002), 1, 2, 3, 4])
    const octets = told(ORIGIN_IGP, asPath(), wide)
    expect(contains(octets, attribute(0xc0, 7, [...u16Octets(23456), 1, 2, 3, 4]))).toBe(true)
    expect(contains(octets, attribute(0xc0, 18, [...u32Octets(4_200_000_002), 1, 2, 3, 4]))).toBe(true)
    const narrow = told(ORIGIN_IGP, asPath(), attribute(0xc0, 7, [...u32Octets(65002), 1, 2, 3, 4]))
    expect(contains(narrow, attribute(0xc0, 7, [...u16Octets(65002), 1, 2, 3, 4]))).toBe(true)
    expect(contains(narrow, Uint8Array.of(0xc0, 18))).toBe(false)
  })

  test('a path whose two forms together outgrow the message is held back, others are told', () => {
    const feed = new Feed()
    feed.addPeer(1)
    const group = new UpdateGroup(feed.rib, toOldSpeaker(externalExporter(feed.sets, SELF, () => undefined)), 4096, () => {})
    feed.sets.onMade.push((set) => group.forgetSet(set))
    const receiver = new Receiver(4096)
    group.members.join(2, receiver, 'nothing')
    const segments = (count: number) =>
      Array.from({ length: count }, () => [2, 250, ...Array(250).fill(u32Octets(4_200_000_009)).flat()]).flat()
    const path = (count: number) => join(ORIGIN_IGP, attribute(0x40, 2, segments(count)))
    feed.learn(1, path(3), macIpNlri(1))
    feed.learn(1, path(2), macIpNlri(2))
    feed.learn(1, attributesOf({ asns: [65001] }), macIpNlri(3))
    const buckets = new Buckets()
    feed.settle((changes) => {
      buckets.arrange(changes)
      group.publish(changes, buckets)
    })
    while (group.busy) group.advance()
    expect([...receiver.table.keys()].map((key) => key.slice(-4, -2)).sort()).toEqual(['02', '03'])
    expect(group.sentTo(2)).toBe(2)
  })
})
