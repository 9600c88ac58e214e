/**
 * One kind of extended community (RFC 4360 §2): everything particular to it stands in one such object and one line of `table.ts`.
 *
 *     +--------------+
 *     | Type    (1)  |  0x40: not transitive across ASes
 *     | Subtype (1)  |
 *     | Value   (6)  |
 *     +--------------+
 *
 * `read` and `write` see the whole 8 octets; type and subtype are written before `write` is called.
 */
export interface ExtendedCommunity<V extends object = object> {
  /** Neutral name: `route-target`, `mac-mobility`, ... */
  readonly name: string
  /** The type and subtype pairs it has, as 16-bit numbers: 0x0002 is type 0, subtype 2. The first is what is written when nothing else is said. */
  readonly kinds: readonly number[]
  /** Decodes the 8 octets at `at`. Any octets give a value. */
  read(bytes: Uint8Array, at: number): V
  /** Writes the value octets `at + 2` to `at + 8`, all of them. May set another of its types. */
  write(fields: V, out: Uint8Array, at: number): void
  /** As operators know it: `RT:65001:100`. */
  format(fields: V): string
}

export const EXTENDED_COMMUNITY_OCTETS = 8
export const NON_TRANSITIVE = 0x40

/** The value octets, zeroed: most communities have reserved ones. */
export function clearValue(out: Uint8Array, at: number): void {
  out.fill(0, at + 2, at + EXTENDED_COMMUNITY_OCTETS)
}
