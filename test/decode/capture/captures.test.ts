import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Field } from '../../../src/decode/dissect/field.ts'
import { captureOctets, leaves, readCapture } from '../found.ts'

const folder = new URL('../../captures/', import.meta.url)
const captures = readdirSync(folder).filter((name) => name.endsWith('.pcap'))
const WITHOUT_BGP = ['vdp22-evb-ecp.pcap', 'vxlan-data-arp-suppressed.pcap']
const withBgp = captures.filter((name) => !WITHOUT_BGP.includes(name))

/** Leaves of ours that hold what tshark shows in a field of another name. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = { ip: ['ipPrefix'], vni: ['label', 'label1', 'label2'] }

interface Said {
  readonly head: string
  readonly fields: readonly { readonly at: number; readonly octets: number; readonly name: string; readonly value: string }[]
}

function saidByTshark(capture: string): Said[] {
  const text = readFileSync(new URL(`tshark/${capture.replace('.pcap', '.txt')}`, folder), 'utf8')
  return text
    .trim()
    .split(/\n(?=#)/)
    .map((block) => {
      const [head, ...lines] = block.split('\n')
      const fields = lines.map((line) => {
        const [at, octets, name, ...value] = line.split(' ')
        return { at: Number(at), octets: Number(octets), name: name!, value: value.join(' ') }
      })
      return { head: head!, fields }
    })
}

/** What our tree has at the place of a field of tshark, in tshark's form. */
function ourValue(all: readonly Field[], at: number, octets: number, name: string): string {
  // tshark splits a route target, we do not.
  if (name === 'as2' || name === 'number4') {
    const start = name === 'as2' ? at : at - 2
    const value = all.find((leaf) => leaf.offset === start && leaf.length === 6)?.value
    return String(value).split(':')[name === 'as2' ? 0 : 1] ?? ''
  }
  const leaf = all.find((one) => one.offset === at && one.length === octets && (one.name === name || OTHER_NAMES[name]?.includes(one.name)))
  if (leaf === undefined) return 'no such leaf'
  if (name === 'vni') return String(leaf.note).replace('VNI ', '')
  if (leaf.name === 'ipPrefix') return String(leaf.value).split('/')[0]!
  return String(leaf.value)
}

const sameForm = (value: string): string => (/^0x/.test(value) ? String(Number(value)) : value)

describe.each(withBgp)('%s', (capture) => {
  const { messages, complaints } = readCapture(captureOctets(capture))

  test('decodes whole: no complaint, every octet in a leaf, in order', () => {
    expect(complaints).toEqual([])
    expect(messages.length).toBeGreaterThan(0)
    for (const { octets, cut, decoded } of messages) {
      expect(cut).toBe(false)
      expect(decoded.message).not.toBeNull()
      let next = 0
      for (const leaf of leaves(decoded.fields)) {
        expect(leaf.offset).toBe(next)
        next += leaf.length
      }
      expect(next).toBe(octets.length)
    }
  })

  test('has no field at fault and nothing left over', () => {
    for (const { decoded } of messages) {
      expect(decoded.faults).toEqual([])
      expect(leaves(decoded.fields).filter(({ name, fault }) => name === 'rest' || fault !== undefined)).toEqual([])
    }
  })

  test('agrees with tshark on packets, lengths and every field', () => {
    const said = saidByTshark(capture)
    expect(messages.map(({ packet, octets }) => `#${packet?.number} ${octets.length}`)).toEqual(said.map(({ head }) => head))
    for (const [i, { fields }] of said.entries()) {
      const all = leaves(messages[i]!.decoded.fields)
      const ours = fields.map(({ at, octets, name }) => `${at} ${octets} ${name} ${sameForm(ourValue(all, at, octets, name))}`)
      expect(ours).toEqual(fields.map(({ at, octets, name, value }) => `${at} ${octets} ${name} ${sameForm(value)}`))
    }
  })

  test('reads the same in pieces of 1000 and of 7 octets', () => {
    for (const size of [1000, 7]) {
      const pieces = readCapture(captureOctets(capture), {}, size)
      expect(pieces.messages.map(({ decoded }) => decoded)).toEqual(messages.map(({ decoded }) => decoded))
    }
  })
})

describe('captures without BGP', () => {
  test.each(WITHOUT_BGP)('%s holds none, on any port', (capture) => {
    for (const port of [179, null]) expect(readCapture(captureOctets(capture), { port })).toMatchObject({ messages: [], complaints: [] })
  })
})

test('what both OPENs of a connection announce is the context of its UPDATEs', () => {
  const { messages } = readCapture(captureOctets('frr-session-start.pcap'))
  const opens = messages.findIndex(({ decoded }) => decoded.name === 'OPEN')
  const update = messages.findLast(({ decoded }) => decoded.name === 'UPDATE')
  expect(messages[opens]!.context.fourOctetAs).toBeNull()
  expect(update!.context).toEqual({ fourOctetAs: true, internal: true, addPath: [], extendedMessage: expect.any(Boolean) })
})
