import { describe, expect, test } from 'vitest'
import { HexText, isText } from '../../src/decode/hex-text.ts'
import { jsonOf } from '../../src/decode/json.ts'
import { OctetStream } from '../../src/decode/octet-stream.ts'
import { formatDecoded, formatSummary } from '../../src/decode/text.ts'
import { feed, keeper } from './found.ts'
import { FOUR_OCTET_AS, joined, keepalive, open, update } from './messages.ts'

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
const pairs = (octets: Uint8Array) => hex(octets).replace(/../g, '$& ').trim()

function readHex(text: string, size = text.length) {
  const kept = keeper()
  feed(new HexText({}, kept), new TextEncoder().encode(text), size)
  return kept
}

/** Lines of 16 octets. */
function dump(octets: Uint8Array, line: (offset: string, octets: Uint8Array) => string, digits: number): string {
  const lines: string[] = []
  for (let at = 0; at < octets.length; at += 16) lines.push(line(at.toString(16).padStart(digits, '0'), octets.subarray(at, at + 16)))
  return lines.join('\n')
}
const characters = (octets: Uint8Array) =>
  [...octets].map((octet) => (octet > 32 && octet < 127 ? String.fromCharCode(octet) : '.')).join('')
const groups = (octets: Uint8Array) =>
  hex(octets)
    .replace(/.{1,4}/g, '$& ')
    .trim()

describe('hex text', () => {
  const message = update(1)

  test.each([
    ['without spaces', hex(message)],
    ['in capitals', hex(message).toUpperCase()],
    ['in pairs', pairs(message)],
    ['with colons', pairs(message).replaceAll(' ', ':')],
    ['with 0x and commas, as C has it', pairs(message).replaceAll(' ', ', ').replace(/\b../g, '0x$&')],
    ['with \\x, as shells and Python have it', pairs(message).replaceAll(' ', '').replace(/../g, '\\x$&')],
    ['on several lines', hex(message).replace(/.{30}/g, '$&\n')],
    ['with remarks', `# from the lab\n${hex(message)} # one route`],
    ['as xxd has it', dump(message, (at, line) => `${at}: ${groups(line).padEnd(39)}  ${characters(line)}`, 8)],
    ['as hexdump -C has it', dump(message, (at, line) => `${at}  ${pairs(line).padEnd(48)}  |${characters(line)}|`, 8)],
    ['as tcpdump -x has it', dump(message, (at, line) => `\t0x${at}:  ${groups(line)}`, 4)],
    ['as Wireshark has it', dump(message, (at, line) => `${at}   ${pairs(line).padEnd(47)}   ${characters(line)}`, 4)],
  ])('%s', (_name, text) => {
    for (const size of [text.length, 5]) {
      const { messages, complaints } = readHex(text, size)
      expect(complaints).toEqual([])
      expect(messages.map(({ octets }) => hex(octets))).toEqual([hex(message)])
      expect(messages[0]?.decoded.faults).toEqual([])
    }
  })

  test('several messages, on one line or a line each, and a wrong one between them that spoils none', () => {
    const short = hex(update(2)).slice(0, -6)
    const { messages } = readHex(`${hex(keepalive)}${hex(update(1))}\n${short}\n${hex(update(3))}\n`)
    expect(messages.map(({ cut }) => cut)).toEqual([false, false, true, false])
    expect(messages[2]?.decoded.faults).toMatchObject([{ reach: 'session', code: 1, subcode: 2 }])
    expect(messages[3]?.decoded.faults).toEqual([])
  })

  test('a line that is no hex is told with its number', () => {
    expect(readHex(`${hex(keepalive)}\nxyz\nfff`).complaints).toEqual([
      'line 2: found "xyz", expected hex',
      'line 3: found "fff", expected two hex digits for each octet',
    ])
  })

  test('is told from octets by its characters', () => {
    expect(isText(new TextEncoder().encode(`${pairs(keepalive)}\n`))).toBe(true)
    expect(isText(keepalive)).toBe(false)
  })
})

describe('a stream of one speaker', () => {
  test('its OPEN sets the context, whatever the pieces', () => {
    const old = update(4, { fourOctetAs: false, internal: true })
    const octets = joined(open(65001, []), keepalive, old)
    for (const size of [1, 20, octets.length]) {
      const kept = keeper()
      feed(new OctetStream({}, kept), octets, size)
      expect(kept.complaints).toEqual([])
      expect(kept.messages.map(({ streamOffset }) => streamOffset)).toEqual([
        0,
        octets.length - old.length - 19,
        octets.length - old.length,
      ])
      expect(kept.messages.flatMap(({ decoded }) => decoded.faults)).toEqual([])
    }
  })

  test('without an OPEN, LOCAL_PREF tells that the session is internal (RFC 4271 5.1.5)', () => {
    const kept = keeper()
    feed(new OctetStream({}, kept), update(1))
    expect(kept.messages[0]?.decoded.faults).toEqual([])
    const external = keeper()
    feed(new OctetStream({ internal: false }, external), update(1))
    expect(external.messages[0]?.decoded.faults).toMatchObject([{ reach: 'attribute', attribute: 5 }])
  })
})

describe('text', () => {
  test('has a head, the faults, and for each field offset, length, name and value', () => {
    const octets = Uint8Array.from(update(1))
    const origin = Buffer.from(octets).indexOf(Buffer.from('400101', 'hex'))
    octets[origin + 3] = 9
    const { messages } = readHex(hex(octets))
    const text = formatDecoded(messages[0]!, messages[0]!.decoded)
    const [head, fault, ...lines] = text.split('\n')
    expect(head).toBe(`#1 UPDATE, ${octets.length} octets, at 0`)
    expect(fault).toMatch(/^! treat as withdraw: .*ORIGIN/)
    expect(lines[0]).toBe(`     0    16  marker: ${'ff'.repeat(16)}`)
    expect(lines).toContain(`${String(origin).padStart(6)}     4  origin ! ORIGIN value 9`)
    expect(lines).toContain(`${String(origin + 3).padStart(6)}     1    value: 09`)
    expect(lines.at(-1)).toBe('')
    expect(formatSummary(messages[0]!, messages[0]!.decoded)).toBe(`${head}: 1 route\n${fault}\n`)
  })

  test('lets no control character of a peer through', () => {
    const fqdn = { code: 73, name: 'fqdn', length: 0, hostname: 'a', domain: '' }
    const octets = open(65001, [FOUR_OCTET_AS(65001), fqdn])
    octets[octets.length - 2] = 0x1b
    const { messages } = readHex(hex(octets))
    const shutdown = Uint8Array.of(...keepalive.subarray(0, 16), 0, 25, 3, 6, 2, 3, 0x1b, 0x5b, 0x07)
    messages.push(...readHex(hex(shutdown)).messages)
    expect(messages).toHaveLength(2)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    for (const one of messages) expect(formatDecoded(one, one.decoded)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
  })
})

test('JSON is a line with the view, the faults and the tree', () => {
  const { messages } = readHex(hex(update(1)))
  const line = jsonOf(messages[0]!, messages[0]!.decoded)
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toMatchObject({
    number: 1,
    name: 'UPDATE',
    length: update(1).length,
    streamOffset: 0,
    message: { type: 'UPDATE', attributes: { localPref: 100 } },
    faults: [],
  })
  expect(JSON.parse(line).fields[1]).toEqual({ name: 'length', offset: 16, length: 2, value: update(1).length })
})
