/**
 * Octet strings of one length, exactly or under masks: one hash per mask that occurs, so that thousands of vendors' MAC prefixes cost what one costs.
 */
import { OctetIndex } from './octet-index.ts'

interface Layer {
  readonly mask: Uint8Array
  readonly values: OctetIndex
}

export class MaskedSet {
  private readonly octets: number
  /** Values under a mask of all ones: nothing has to be masked. */
  private exact: OctetIndex | null = null
  private readonly layers: Layer[] = []
  private readonly scratch: Uint8Array

  constructor(octets: number) {
    this.octets = octets
    this.scratch = new Uint8Array(octets)
  }

  /** Takes in every string that is like `value` where `mask` has bits. */
  add(value: Uint8Array, mask: Uint8Array): void {
    if (mask.every((octet) => octet === 0xff)) {
      this.exact ??= new OctetIndex(this.octets)
      this.exact.add(value)
      return
    }
    let layer = this.layers.find((one) => one.mask.every((octet, i) => octet === mask[i]))
    if (layer === undefined) {
      layer = { mask: Uint8Array.from(mask), values: new OctetIndex(this.octets) }
      this.layers.push(layer)
    }
    layer.values.add(this.under(layer.mask, value, 0))
  }

  /** Whether the octets at `at` are in it. Hot: allocates nothing. */
  has(bytes: Uint8Array, at: number): boolean {
    if (this.exact !== null && this.exact.find(bytes, at) >= 0) return true
    for (let i = 0; i < this.layers.length; i++) {
      const { mask, values } = this.layers[i]!
      if (values.findUnder(mask, bytes, at, this.scratch) >= 0) return true
    }
    return false
  }

  private under(mask: Uint8Array, bytes: Uint8Array, at: number): Uint8Array {
    const { scratch } = this
    for (let i = 0; i < this.octets; i++) scratch[i] = bytes[at + i]! & mask[i]!
    return scratch
  }
}
