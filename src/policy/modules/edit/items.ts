/** Changing attributes that are lists of items of one size: communities of all kinds. */
import { copy, same } from '../../../bytes/octets.ts'
import { OPTIONAL_TRANSITIVE } from '../../../wire/attribute/attribute.ts'
import { DROP, type RewriteStep } from '../../rewrite/attribute-rewrite.ts'
import type { OctetSet } from '../lookup/items.ts'

/** Items of which none, or every one, is in. */
export const NO_ITEM: OctetSet = { has: () => false }
export const EVERY_ITEM: OctetSet = { has: () => true }

/**
 * Takes out the items of `octets` octets that are in `taken`, then puts each of `added` in that is not there; those that stay keep their order. An attribute left
 * without items goes.
 */
export function itemsStep(code: number, octets: number, taken: OctetSet, added: readonly Uint8Array[]): RewriteStep {
  return {
    code,
    flags: OPTIONAL_TRANSITIVE,
    add: added.length > 0,
    value(bytes, from, to, out, at) {
      let target = at
      for (let source = from; source + octets <= to; source += octets) {
        if (!taken.has(bytes, source)) target = copy(bytes, source, source + octets, out, target)
      }
      for (const item of added) if (!holds(out, at, target, item, 0, octets)) target = copy(item, 0, octets, out, target)
      return target === at ? DROP : target
    },
  }
}

/** Whether the item at `itemAt` of `item` stands between `from` and `to` too. */
export function holds(bytes: Uint8Array, from: number, to: number, item: Uint8Array, itemAt: number, octets: number): boolean {
  for (let at = from; at < to; at += octets) if (same(bytes, at, item, itemAt, octets)) return true
  return false
}
