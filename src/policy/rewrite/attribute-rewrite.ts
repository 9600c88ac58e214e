/**
 * Rewriting canonical path attributes (ascending type codes, see `rib/attribute-sets.ts`): a rewrite is a table by type code of what happens to
 * an attribute, and of what is put in where it is missing.
 */
import { copy, put8, put16, u8, u16 } from '../../bytes/octets.ts'
import { EXTENDED_LENGTH } from '../../wire/attribute/attribute.ts'

/**
 * Writes the new form of an attribute's value at `at` and returns the offset behind; `DROP` to leave the attribute out. `from`..`to` is the old
 * value; both 0 when the attribute was missing.
 */
export type ValueRewrite = (bytes: Uint8Array, from: number, to: number, out: Uint8Array, at: number) => number
export const DROP = -1

export interface RewriteStep {
  readonly code: number
  /** Optional and Transitive bits of the attribute when it is put in. */
  readonly flags: number
  /** Whether it is put in when it is missing. */
  readonly add: boolean
  readonly value: ValueRewrite
}

/** Longest value with a length field of one octet. A value is written behind such a one, and moved in the few cases in which it turns out longer. */
const SHORT = 255

/**
 * Copies attributes `from`..`to` of `bytes` to `at` of `out`, applying `steps` (ascending codes). Returns the offset behind. Attributes without a
 * step are copied as they are.
 */
export function rewrite(bytes: Uint8Array, from: number, to: number, steps: readonly RewriteStep[], out: Uint8Array, at: number): number {
  let target = at
  // What stands between steps is copied in one run, and behind the last one nobody looks at what it is.
  let source = from
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!
    let found = source
    while (found < to && u8(bytes, found + 1) < step.code) found = valueEnd(bytes, found)
    target = copy(bytes, source, found, out, target)
    if (found === to || u8(bytes, found + 1) !== step.code) {
      target = put(step, bytes, 0, 0, 0, out, target)
      source = found
    } else {
      source = valueEnd(bytes, found)
      target = put(step, bytes, u8(bytes, found), valueStart(bytes, found), source, out, target)
    }
  }
  return copy(bytes, source, to, out, target)
}

/** `flags` 0: the attribute was missing. */
function put(step: RewriteStep, bytes: Uint8Array, flags: number, from: number, to: number, out: Uint8Array, at: number): number {
  if (flags === 0 && !step.add) return at
  const end = step.value(bytes, from, to, out, at + 3)
  if (end === DROP) return at
  const length = end - at - 3
  const kept = (flags === 0 ? step.flags : flags) & ~EXTENDED_LENGTH
  if (length <= SHORT) {
    put8(out, put8(out, put8(out, at, kept), step.code), length)
    return end
  }
  out.copyWithin(at + 4, at + 3, end)
  put16(out, put8(out, put8(out, at, kept | EXTENDED_LENGTH), step.code), length)
  return end + 1
}

/** Puts steps into the order in which `rewrite` takes them. */
export function inOrder(steps: RewriteStep[]): RewriteStep[] {
  return steps.sort((a, b) => a.code - b.code)
}

/** Finds an attribute in canonical octets: offset of its first octet, or -1. */
export function findAttribute(bytes: Uint8Array, from: number, to: number, code: number): number {
  for (let at = from; at < to; ) {
    const found = u8(bytes, at + 1)
    if (found === code) return at
    if (found > code) return -1
    at = valueEnd(bytes, at)
  }
  return -1
}

/** Offset of the value of the attribute at `at`. */
export function valueStart(bytes: Uint8Array, at: number): number {
  return at + (u8(bytes, at) & EXTENDED_LENGTH ? 4 : 3)
}

/** Offset behind the attribute at `at`. */
export function valueEnd(bytes: Uint8Array, at: number): number {
  return u8(bytes, at) & EXTENDED_LENGTH ? at + 4 + u16(bytes, at + 2) : at + 3 + u8(bytes, at + 2)
}
