/**
 * IP prefixes, each with the lengths that more specific ones may have. One hash per prefix length that occurs, for IPv4 and for IPv6; the entries of one
 * network share one mark per length.
 */

import type { Prefix } from '../../../address/prefix.ts'
import { u8 } from '../../../bytes/octets.ts'
import { OctetIndex } from './octet-index.ts'

/** What is in the set: prefixes within `prefix` whose length is from `from` to `to`. */
export interface PrefixEntry {
  readonly prefix: Prefix
  readonly from: number
  readonly to: number
}

interface Layer {
  readonly length: number
  readonly networks: OctetIndex
  /** By network: a mark for every length that is in. */
  readonly lengths: Uint8Array[]
}

class OneVersion {
  /** Ascending lengths. */
  private readonly layers: Layer[] = []
  private readonly scratch: Uint8Array

  constructor(octets: 4 | 16, entries: readonly PrefixEntry[]) {
    this.scratch = new Uint8Array(octets)
    const layers = new Map<number, Layer>()
    for (const { prefix, from, to } of entries) {
      const layer = layers.get(prefix.length) ?? { length: prefix.length, networks: new OctetIndex(octets), lengths: [] }
      layers.set(prefix.length, layer)
      const network = layer.networks.add(prefix.address)
      if (network === layer.lengths.length) layer.lengths.push(new Uint8Array(8 * octets + 1))
      layer.lengths[network]?.fill(1, from, to + 1)
    }
    this.layers = [...layers.values()].sort((a, b) => a.length - b.length)
  }

  has(bytes: Uint8Array, at: number, length: number): boolean {
    const { layers } = this
    for (let i = 0; i < layers.length; i++) {
      const layer = layers[i]!
      if (layer.length > length) return false
      const network = layer.networks.find(this.under(layer.length, bytes, at), 0)
      if (network >= 0 && layer.lengths[network]![length] === 1) return true
    }
    return false
  }

  private under(length: number, bytes: Uint8Array, at: number): Uint8Array {
    const { scratch } = this
    for (let i = 0, bits = length; i < scratch.length; i++, bits -= 8) {
      scratch[i] = bits >= 8 ? u8(bytes, at + i) : bits <= 0 ? 0 : u8(bytes, at + i) & (0xff00 >> bits)
    }
    return scratch
  }
}

export class PrefixSet {
  private readonly v4: OneVersion
  private readonly v6: OneVersion

  constructor(entries: readonly PrefixEntry[]) {
    this.v4 = new OneVersion(
      4,
      entries.filter(({ prefix }) => prefix.address.length === 4),
    )
    this.v6 = new OneVersion(
      16,
      entries.filter(({ prefix }) => prefix.address.length === 16),
    )
  }

  /** Whether the prefix of `length` bits, of an address of `octets` (4 or 16) at `at`, is in it. Hot: allocates nothing. */
  has(bytes: Uint8Array, at: number, octets: number, length: number): boolean {
    return (octets === 4 ? this.v4 : this.v6).has(bytes, at, length)
  }

  /** Whether a single address is in it. Hot: allocates nothing. */
  hasAddress(bytes: Uint8Array, at: number, octets: number): boolean {
    return this.has(bytes, at, octets, 8 * octets)
  }
}
