/**
 * Octet strings of two parts: leading octets, exactly or under a mask, and a number behind them from a set of ranges. Communities, route targets and route
 * distinguishers are sought like that. One hash per mask that occurs and one binary search, however many there are.
 *
 *     | lead, 1 to 8 octets | number, 2 or 4 octets |
 */
import { u16, u32 } from '../../../bytes/octets.ts'
import { NumberRanges, type Range } from './number-ranges.ts'
import { OctetIndex } from './octet-index.ts'

/** One entry: `mask` of the lead, all ones when it is exact. */
export interface RangedEntry {
  readonly lead: Uint8Array
  readonly mask: Uint8Array
  readonly numbers: Range
}

interface Layer {
  readonly mask: Uint8Array
  readonly leads: OctetIndex
  /** By the number of the lead. */
  readonly numbers: NumberRanges[]
}

export class RangedSet {
  private readonly leadOctets: number
  private readonly wide: boolean
  private readonly layers: Layer[]
  private readonly scratch: Uint8Array

  constructor(leadOctets: number, numberOctets: 2 | 4, entries: readonly RangedEntry[]) {
    this.leadOctets = leadOctets
    this.wide = numberOctets === 4
    this.scratch = new Uint8Array(leadOctets)
    const layers = new Map<string, { mask: Uint8Array; leads: OctetIndex; ranges: Range[][] }>()
    for (const { lead, mask, numbers } of entries) {
      const layer = layers.get(mask.join()) ?? { mask, leads: new OctetIndex(leadOctets), ranges: [] }
      layers.set(mask.join(), layer)
      const at = layer.leads.add(this.under(mask, lead, 0))
      if (at === layer.ranges.length) layer.ranges.push([])
      layer.ranges[at]?.push(numbers)
    }
    this.layers = [...layers.values()].map(({ mask, leads, ranges }) => ({
      mask,
      leads,
      numbers: ranges.map((of) => new NumberRanges(of)),
    }))
  }

  /** Whether the octets at `at` are in it. Hot: allocates nothing. */
  has(bytes: Uint8Array, at: number): boolean {
    const { layers, leadOctets } = this
    for (let i = 0; i < layers.length; i++) {
      const { mask, leads, numbers } = layers[i]!
      const lead = leads.findUnder(mask, bytes, at, this.scratch)
      if (lead >= 0 && numbers[lead]!.has(this.wide ? u32(bytes, at + leadOctets) : u16(bytes, at + leadOctets))) return true
    }
    return false
  }

  private under(mask: Uint8Array, bytes: Uint8Array, at: number): Uint8Array {
    const { scratch } = this
    for (let i = 0; i < scratch.length; i++) scratch[i] = bytes[at + i]! & mask[i]!
    return scratch
  }
}
