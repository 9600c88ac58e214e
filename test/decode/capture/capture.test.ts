import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UpdateView } from '../../../src/wire/update-view.ts'
import { type Everything, readCapture } from '../found.ts'
import { ADD_PATH, FOUR_OCTET_AS, joined, keepalive, open, update } from '../messages.ts'
import { BACK, FORTH, frame, ipPacket, pcap, pcapng, segments } from './packets.ts'

const MANY = Array.from({ length: 12 }, (_, i) => update(i))
const STREAM = joined(...MANY)
const SYN = frame(ipPacket({ sequence: 999, syn: true }))

/** Route distinguishers of the routes found, in order. */
function rds({ messages }: Everything): unknown[] {
  return messages.map(({ decoded }) => {
    const reach = (decoded.message as UpdateView | null)?.attributes?.mpReach
    return reach !== undefined && 'nlri' in reach ? (reach.nlri[0] as { rd?: string } | undefined)?.rd?.split(':')[1] : decoded.name
  })
}
const ALL = MANY.map((_, i) => String(i))

describe('TCP (RFC 9293 3.4)', () => {
  test.each([1, 19, 100, 1460, 60000])('messages in segments of %i octets', (size) => {
    const found = readCapture(pcap([SYN, ...segments(STREAM, size, 1000)]))
    expect(rds(found)).toEqual(ALL)
    expect(found.complaints).toEqual([])
  })

  test('segments in any order, some twice, some cut otherwise, with numbers that wrap', () => {
    const start = 2 ** 32 - 500
    const syn = frame(ipPacket({ sequence: start - 1, syn: true }))
    const pieces = segments(STREAM, 50, start)
    const others = segments(STREAM, 77, start)
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...pieces.keys()], { minLength: pieces.length }),
        fc.array(fc.nat(others.length - 1)),
        (sequence, again) => {
          const packets = [...sequence.map((i) => pieces[i]!), ...again.map((i) => others[i]!)]
          const found = readCapture(pcap([syn, ...packets]))
          expect(rds(found)).toEqual(ALL)
          expect(found.complaints).toEqual([])
        },
      ),
      { numRuns: 60, seed: 11 },
    )
  })

  test('a segment that never comes is told as a gap, and reading goes on at the next marker', () => {
    const packets = segments(STREAM, 60, 1000)
    packets.splice(4, 1)
    const found = readCapture(pcap([SYN, ...packets]))
    const missing = found.messages.filter(({ cut }) => cut)
    expect(missing).toHaveLength(1)
    expect(rds(found).filter((name) => typeof name === 'string' && /^\d+$/.test(name))).toEqual(ALL.filter((name) => name !== '3'))
    expect(found.complaints.join('\n')).toMatch(/192\.0\.2\.1:40000 > 192\.0\.2\.2:179: 60 octets skipped: not captured/)
  })

  test('a gap that the receiver has acknowledged is not waited for', () => {
    const packets = segments(STREAM, 60, 1000)
    const lost = packets.splice(4, 1)
    const acks = Array.from({ length: 10 }, () => frame(ipPacket({ ends: BACK, sequence: 5000, acknowledgment: 1000 + STREAM.length })))
    const found = readCapture(pcap([SYN, ...packets, ...acks, ...lost, ...segments(keepalive, 60, 1000 + STREAM.length)]))
    expect(found.messages.at(-1)?.packet?.number).toBe(1 + packets.length + acks.length + 1 + 1)
    expect(found.messages.at(-2)?.packet?.number).toBeLessThan(1 + packets.length + acks.length)
  })

  test('a packet that the capture has cut leaves a gap of what it had', () => {
    const found = readCapture(
      pcap([SYN, ...segments(STREAM, 1460, 1000), frame(ipPacket({ sequence: 1000 + STREAM.length, payload: keepalive }))], { snap: 600 }),
    )
    const kept = rds(found)
    expect(kept.at(-1)).toBe('KEEPALIVE')
    expect(found.complaints.join('\n')).toMatch(/octets skipped: not captured/)
  })

  test('a capture that begins within a message goes on at the next one', () => {
    const found = readCapture(pcap(segments(STREAM.subarray(30), 200, 77)))
    expect(rds(found)).toEqual(ALL.slice(1))
    expect(found.complaints).toEqual([expect.stringMatching(/octets skipped: no message begins there/)])
  })

  test('the last message of a capture that ends within it is shown as cut', () => {
    const found = readCapture(pcap([SYN, ...segments(STREAM.subarray(0, STREAM.length - 5), 1460, 1000)]))
    expect(found.messages.at(-1)).toMatchObject({ cut: true })
    expect(found.messages.at(-1)?.decoded.faults).toMatchObject([{ reach: 'session', code: 1, subcode: 2 }])
    expect(rds(found).slice(0, -1)).toEqual(ALL.slice(0, -1))
  })

  test('a wrong header is shown, and reading goes on at the next marker', () => {
    const found = readCapture(pcap([SYN, ...segments(joined(update(1), new Uint8Array(40).fill(7), update(2)), 1460, 1000)]))
    expect(found.messages.map(({ decoded }) => decoded.faults[0]?.reach)).toEqual([undefined, 'session', undefined])
    expect(found.messages[1]?.decoded.faults).toMatchObject([{ code: 1, subcode: 1 }])
  })

  test('a connection on the same ports anew has a context of its own', () => {
    const first = joined(open(65001, [FOUR_OCTET_AS(65001)]), update(1))
    const second = joined(open(65001, []), update(2, { fourOctetAs: false, internal: true }))
    const found = readCapture(
      pcap([SYN, ...segments(first, 1460, 1000), frame(ipPacket({ sequence: 70_000, syn: true })), ...segments(second, 1460, 70_001)]),
    )
    expect(found.messages.map(({ context }) => context.fourOctetAs)).toEqual([null, true, null, false])
    expect(found.messages.flatMap(({ decoded }) => decoded.faults)).toEqual([])
  })
})

describe('the context of a connection', () => {
  const connection = (forth: readonly Uint8Array[], back: readonly Uint8Array[], forthUpdate: Uint8Array, backUpdate: Uint8Array) => {
    const [a, b] = [joined(...forth), joined(...back)]
    return readCapture(
      pcap([
        SYN,
        frame(ipPacket({ ends: BACK, sequence: 1999, syn: true, acknowledgment: 1000 })),
        ...segments(a, 1460, 1000),
        ...segments(b, 1460, 2000, BACK),
        ...segments(forthUpdate, 1460, 1000 + a.length),
        ...segments(backUpdate, 1460, 2000 + b.length, BACK),
      ]),
    )
  }

  test('AS numbers have 2 octets when one side has not announced 4 (RFC 6793 4.1)', () => {
    const old = update(5, { fourOctetAs: false, internal: true })
    const found = connection([open(65001, [FOUR_OCTET_AS(65001)])], [open(65001, [])], old, old)
    expect(found.messages.flatMap(({ decoded }) => decoded.faults)).toEqual([])
    expect((found.messages[2]!.decoded.message as UpdateView).attributes.asPath).toEqual([{ type: 'sequence', asns: [65001, 65002] }])
  })

  test('path identifiers are read in the direction in which one sends and the other receives them (RFC 7911 4)', () => {
    const found = connection([open(65001, [ADD_PATH(2)])], [open(65002, [ADD_PATH(1)])], keepalive, keepalive)
    expect(found.messages.slice(2).map(({ context }) => context.addPath)).toEqual([[{ afi: 25, safi: 70 }], []])
    expect(found.messages.at(-1)?.context.internal).toBe(false)
  })

  test('what the reader says is stronger', () => {
    const found = readCapture(pcap([SYN, ...segments(joined(open(65001, [FOUR_OCTET_AS(65001)]), keepalive), 1460, 1000)]), {
      fourOctetAs: false,
    })
    expect(found.messages.map(({ context }) => context.fourOctetAs)).toEqual([false, false])
  })
})

describe('link layers and files', () => {
  const packet = ipPacket({ sequence: 1000, payload: update(7) })
  const six = ipPacket({
    ends: { ...FORTH, from: [0x20, 1, 13, 184, ...Array(11).fill(0), 1], to: [0x20, 1, 13, 184, ...Array(11).fill(0), 2] },
    sequence: 1000,
    payload: update(7),
  })
  /** A hop-by-hop and a destination options header before TCP (RFC 8200 4). */
  const extended = joined(
    six.subarray(0, 6),
    Uint8Array.of(0),
    six.subarray(7, 40),
    Uint8Array.of(60, 0, 1, 4, 0, 0, 0, 0, 6, 0, 1, 4, 0, 0, 0, 0),
    six.subarray(40),
  )
  new DataView(extended.buffer).setUint16(4, extended.length - 40)

  test.each([
    ['Ethernet', frame(packet), 1],
    ['Ethernet with a VLAN tag', frame(packet, [0x81, 0, 0, 5]), 1],
    ['Ethernet with two VLAN tags', frame(packet, [0x88, 0xa8, 0, 5, 0x81, 0, 0, 6]), 1],
    ['Ethernet with IPv6', frame(six), 1],
    ['Ethernet with IPv6 and extension headers', frame(extended), 1],
    ['Linux cooked', joined(new Uint8Array(14), Uint8Array.of(8, 0), packet), 113],
    ['Linux cooked, second version', joined(Uint8Array.of(8, 0), new Uint8Array(18), packet), 276],
    ['BSD loopback', joined(Uint8Array.of(2, 0, 0, 0), packet), 0],
    ['OpenBSD loopback', joined(Uint8Array.of(0, 0, 0, 24), six), 108],
    ['raw IP', packet, 101],
    ['raw IPv4', packet, 228],
    ['raw IPv6', six, 229],
  ])('%s', (_name, octets, linkType) => {
    const found = readCapture(pcap([octets], { linkType }))
    expect(rds(found)).toEqual(['7'])
    expect(found.complaints).toEqual([])
  })

  test('a link type that is not understood is told once', () => {
    expect(readCapture(pcap([packet, packet], { linkType: 147 })).complaints).toEqual(['packets of link type 147 are not understood'])
  })

  test('fragments are counted and left out', () => {
    const fragment = Uint8Array.from(packet)
    fragment[6] = 0x20
    expect(readCapture(pcap([fragment], { linkType: 101 })).complaints).toEqual(['1 IP fragments of TCP were left out'])
  })

  test.each([
    [true, false, 5000],
    [false, false, 5000],
    [true, true, 5],
    [false, true, 5],
  ])('pcap, little endian %s, nanoseconds %s', (little, nanoseconds, expected) => {
    const found = readCapture(pcap([frame(packet)], { little, nanoseconds }))
    expect(found.messages[0]?.packet).toEqual({
      number: 1,
      seconds: 1,
      nanoseconds: expected,
      from: '192.0.2.1:40000',
      to: '192.0.2.2:179',
    })
  })

  test.each([
    [true, undefined, 1, 0],
    [false, undefined, 1, 0],
    [true, 9, 0, 1_000_000],
    [false, 0x94, 0, 953_674_316],
  ])('pcapng, little endian %s, resolution %s', (little, resolution, seconds, nanoseconds) => {
    const scaled = pcapng([frame(packet)], { little }, resolution)
    const found = readCapture(scaled)
    expect(rds(found)).toEqual(['7'])
    if (resolution !== 0x94) expect(found.messages[0]?.packet).toMatchObject({ seconds, nanoseconds })
    // 2^-20 s a tick: a million of them.
    else expect(found.messages[0]?.packet).toMatchObject({ seconds: 0, nanoseconds })
  })

  test('a file that ends within a packet gives what came before, and says so', () => {
    const whole = pcap([frame(packet), frame(packet)])
    const found = readCapture(whole.subarray(0, whole.length - 3))
    expect(rds(found)).toEqual(['7'])
    expect(found.complaints).toEqual([expect.stringMatching(/ends within a packet/)])
  })

  test('a packet of impossible length ends the reading with a word', () => {
    const file = pcap([frame(packet)])
    new DataView(file.buffer).setUint32(24 + 8, 0x7fffffff, true)
    expect(readCapture(file).complaints).toEqual([expect.stringMatching(/damaged/)])
  })

  test('on any port only what looks like BGP is shown', () => {
    const elsewhere = { ...FORTH, toPort: 1790 }
    const web = { ...FORTH, toPort: 443 }
    const packets = [
      frame(ipPacket({ ends: web, sequence: 1, syn: true })),
      ...segments(new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'), 1460, 2, web),
      ...segments(update(3), 1460, 1, elsewhere),
    ]
    expect(rds(readCapture(pcap(packets), { port: 179 }))).toEqual([])
    expect(readCapture(pcap(packets), { port: null })).toMatchObject({ messages: [expect.anything()], complaints: [] })
    expect(rds(readCapture(pcap(packets), { port: 1790 }))).toEqual(['3'])
  })

  test('no octets whatever throw, and no piece size changes what is found', { timeout: 60_000 }, () => {
    const whole = pcap([SYN, ...segments(STREAM, 100, 1000)])
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 30 }),
        fc.integer({ min: 1, max: 999 }),
        (changes, size) => {
          const file = Uint8Array.from(whole)
          for (const [at, value] of changes) if (at >= 4) file[at] = value
          const once = readCapture(file)
          const pieces = readCapture(file, {}, size)
          expect(pieces.messages.map(({ octets }) => Buffer.from(octets).toString('hex'))).toEqual(
            once.messages.map(({ octets }) => Buffer.from(octets).toString('hex')),
          )
          expect(pieces.complaints).toEqual(once.complaints)
        },
      ),
      { numRuns: 200, seed: 5 },
    )
  })
})
