import { u8 } from '../../bytes/octets.ts'

/** How many routes there were, and a sum over their octets that is the same in whatever order they come. */
export class Tally {
  routes = 0
  sum = 0

  /** Adds the NLRI in octets `from`..`to`. */
  add(octets: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; ) {
      const end = at + 2 + u8(octets, at + 1)
      let hash = 0
      for (; at < end; at++) hash = (Math.imul(hash, 31) + u8(octets, at)) | 0
      this.sum = (this.sum + hash) | 0
      this.routes++
    }
  }

  clear(): void {
    this.routes = 0
    this.sum = 0
  }
}
