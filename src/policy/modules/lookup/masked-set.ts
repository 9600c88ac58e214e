/**
 * Octet strings of one length, exactly or under masks: one hash per mask that occurs, so that thousands of vendors' MAC prefixes cost what one costs.
 */
import { OctetIndex } from './octet-index.ts'

interface Layer {
  readonly mask: Uint8Array
  readonly values: OctetIndex
  /** The mask is all ones: nothing has to be masked. */
  readonly exact: boolean
}

export class MaskedSet {
  private readonly octets: number
  private readonly layers: Layer[] = []
  private readonly scratch: Uint8Array

  constructor(octets: number) {
    this.octets = octets
    this.scratch = new Uint8Array(octets)
  }

  /** Takes in every string that is like `value` where `mask` has bits. */
  add(value: Uint8Array, mask: Uint8Array): void {
    let layer = this.layers.find((one) => one.mask.every((octet, i) => octet === mask[i]))
    if (layer === undefined) {
      layer = { mask: Uint8Array.from(mask), values: new OctetIndex(this.octets), exact: mask.every((octet) => octet === 0xff) }
      this.layers.push(layer)
    }
    layer.values.add(this.under(layer.mask, value, 0))
  }

  /** Whether the octets at `at` are in it. Hot: allocates nothing. */
  has(bytes: Uint8Array, at: number): boolean {
    for (let i = 0; i < this.layers.length; i++) {
      const { mask, values, exact } = this.layers[i]!
      if ((exact ? values.find(bytes, at) : values.findUnder(mask, bytes, at, this.scratch)) >= 0) return true
    }
    return false
  }

  private under(mask: Uint8Array, bytes: Uint8Array, at: number): Uint8Array {
    const { scratch } = this
    for (let i = 0; i < this.octets; i++) scratch[i] = bytes[at + i]! & mask[i]!
    return scratch
  }
}
