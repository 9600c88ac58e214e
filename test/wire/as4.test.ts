import { describe, expect, it } from 'vitest'
import {
  mergeAs4Path,
  narrowAggregator,
  narrowAsPath,
  needsAs4Aggregator,
  widenAggregator,
  widenAsPath,
  writeAs4Path,
} from '../../src/wire/attribute/as4.ts'
import { type AsPath, formatSegments, type Segment, writeSegments } from '../../src/wire/attribute/segments.ts'
import { UpdateScan } from '../../src/wire/update-scan.ts'
import { type AttributesView, writeUpdate } from '../../src/wire/update-view.ts'
import { octets, toHex } from './vectors.ts'

const OLD = { fourOctetAs: false, internal: false }
const sequence = (...asns: number[]): Segment => ({ type: 'sequence', asns })
const set = (...asns: number[]): Segment => ({ type: 'set', asns })

function wide(attributes: AttributesView): { path: string; aggregator: string } {
  const bytes = writeUpdate({ attributes }, OLD)
  const scan = new UpdateScan()
  expect(scan.scan(bytes, 0, bytes.length)).toBeNull()
  const out = new Uint8Array(4096)
  const path = toHex(out.slice(0, widenAsPath(bytes, scan, out, 0)))
  const aggregator = attributes.aggregator === undefined ? '' : toHex(out.slice(0, widenAggregator(bytes, scan, out, 0)))
  return { path, aggregator }
}

function hexOf(path: AsPath): string {
  const out = new Uint8Array(4096)
  return toHex(out.slice(0, writeSegments(path, out, 0, 4)))
}

describe('AS4_PATH merged into AS_PATH (RFC 6793 4.2.3)', () => {
  const merge = (path: AsPath, as4: AsPath) => formatSegments(mergeAs4Path(path, as4))

  it('replaces the AS_PATH of the same length', () => {
    expect(merge([sequence(23456, 23456)], [sequence(65546, 65547)])).toBe('65546 65547')
  })

  it('keeps the leading AS numbers of old speakers on the way', () => {
    expect(merge([sequence(65000, 65001, 23456, 23456)], [sequence(65546, 65547)])).toBe('65000 65001 65546 65547')
    expect(mergeAs4Path([sequence(65000, 23456)], [sequence(65546)])).toEqual([sequence(65000, 65546)])
  })

  it('is ignored when it is longer', () => {
    expect(merge([sequence(23456)], [sequence(65546, 65547)])).toBe('23456')
  })

  it('counts a set as one', () => {
    expect(merge([sequence(65000), set(1, 2, 3)], [set(65546, 65547)])).toBe('65000 {65546,65547}')
    expect(merge([set(1, 2), sequence(23456)], [sequence(65546)])).toBe('{1,2} 65546')
  })

  it('counts confederation segments as nothing, keeps leading ones and drops those in AS4_PATH', () => {
    const confederation: Segment = { type: 'confed-sequence', asns: [64512] }
    expect(merge([confederation, sequence(23456)], [confederation, sequence(65546)])).toBe('(64512) 65546')
  })
})

describe('attributes of an old speaker', () => {
  const as4Path = [sequence(65546)]

  it('are widened as they are when there are no twins', () => {
    const plain = wide({ asPath: [sequence(65000, 23456)], aggregator: { as: 65000, address: '192.0.2.1' } })
    expect(plain).toEqual({ path: hexOf([sequence(65000, 23456)]), aggregator: '0000fde8c0000201' })
  })

  it('take what the twins say', () => {
    const merged = wide({
      asPath: [sequence(65000, 23456)],
      as4Path,
      aggregator: { as: 23456, address: '192.0.2.1' },
      as4Aggregator: { as: 65546, address: '192.0.2.9' },
    })
    expect(merged).toEqual({ path: hexOf([sequence(65000, 65546)]), aggregator: '0001000ac0000209' })
  })

  it('ignore both twins when an old speaker has aggregated behind them', () => {
    const stale = wide({
      asPath: [sequence(65000, 23456)],
      as4Path,
      aggregator: { as: 65000, address: '192.0.2.1' },
      as4Aggregator: { as: 65546, address: '192.0.2.9' },
    })
    expect(stale).toEqual({ path: hexOf([sequence(65000, 23456)]), aggregator: '0000fde8c0000201' })
  })

  it('ignore a malformed twin (RFC 6793 6)', () => {
    const bytes = writeUpdate({ attributes: { asPath: [sequence(23456)], as4Path } }, OLD)
    bytes[bytes.length - 5] = 9
    const scan = new UpdateScan()
    scan.scan(bytes, 0, bytes.length)
    const out = new Uint8Array(100)
    expect(toHex(out.slice(0, widenAsPath(bytes, scan, out, 0)))).toBe(hexOf([sequence(23456)]))
  })
})

describe('attributes to an old speaker (RFC 6793 4.2.2)', () => {
  const out = new Uint8Array(100)

  it('have AS_TRANS for what does not fit', () => {
    const path = octets(hexOf([sequence(65000, 65546)]))
    expect(toHex(out.slice(0, narrowAsPath(path, 0, path.length, out, 0)))).toBe('0202fde85ba0')
    expect(toHex(out.slice(0, narrowAggregator(octets('0001000ac0000263'), 0, out, 0)))).toBe('5ba0c0000263')
    expect(needsAs4Aggregator(octets('0001000ac0000263'), 0)).toBe(true)
    expect(needsAs4Aggregator(octets('0000fde8c0000263'), 0)).toBe(false)
  })

  it('come with an AS4_PATH when something does not fit, without confederation segments', () => {
    const confederation: Segment = { type: 'confed-sequence', asns: [64512] }
    const path = octets(hexOf([confederation, sequence(65000, 65546)]))
    expect(toHex(out.slice(0, writeAs4Path(path, 0, path.length, out, 0)))).toBe(hexOf([sequence(65000, 65546)]))
    const short = octets(hexOf([sequence(65000)]))
    expect(writeAs4Path(short, 0, short.length, out, 7)).toBe(7)
  })
})
