/** What is known of route targets, looked up where they stand in the octets of a route: no key is made for a look. */
import { put32, u32 } from '../bytes/octets.ts'
import { ROUTE_TARGET_OCTETS } from './route-target.ts'

export class TargetMap<V> {
  /** By the first four octets, then by the last four, each as a number of 32 bits with sign. */
  private readonly byHead = new Map<number, Map<number, V>>()
  private count = 0

  get size(): number {
    return this.count
  }

  /** Hot. */
  has(bytes: Uint8Array, at = 0): boolean {
    return this.byHead.get(u32(bytes, at) | 0)?.has(u32(bytes, at + 4) | 0) === true
  }

  /** What is known of the target in the 8 octets at `at`. Hot. */
  get(bytes: Uint8Array, at = 0): V | undefined {
    return this.byHead.get(u32(bytes, at) | 0)?.get(u32(bytes, at + 4) | 0)
  }

  set(value: V, bytes: Uint8Array, at = 0): void {
    const head = u32(bytes, at) | 0
    const byTail = this.byHead.get(head) ?? new Map<number, V>()
    this.byHead.set(head, byTail)
    const tail = u32(bytes, at + 4) | 0
    if (!byTail.has(tail)) this.count++
    byTail.set(tail, value)
  }

  *[Symbol.iterator](): Iterator<readonly [target: Uint8Array, value: V]> {
    for (const [head, byTail] of this.byHead)
      for (const [tail, value] of byTail) {
        const target = new Uint8Array(ROUTE_TARGET_OCTETS)
        put32(target, put32(target, 0, head), tail)
        yield [target, value]
      }
  }
}
