import type { AddressFamily } from '../negotiated.ts'

/** Octets of the longest NLRI there is: a type, and a length octet's worth. */
export const LONGEST_NLRI = 2 + 255

/**
 * An NLRI family, as the RIB and the codec see it. A route is its *key* octets (what RFC calls the route key: labels, ESI and gateway are not
 * part of it for most types) and the *rest*: path data. `join` puts both together to the NLRI as it was.
 *
 * All functions work on octets in place. `at` is the first octet of one NLRI (its type or length octet), `end` the end of the field.
 */
export interface NlriFamily extends AddressFamily {
  /** As operators write it: `l2vpn evpn`. */
  readonly name: string
  /** The neutral names have nothing for it: lists of views show its octets. `read` and `format` decode it all the same. */
  readonly viewedAsOctets?: true
  /** Octets of the NLRI at `at`, its own header included; -1 when it does not fit before `end`. Hot. */
  sizeOf(bytes: Uint8Array, at: number, end: number): number
  /**
   * Judges one NLRI that `sizeOf` has measured. null when it can be used; otherwise why not. Called for announced NLRI. Hot: no allocation
   * on success.
   */
  check(bytes: Uint8Array, at: number, size: number): string | null
  /** Writes the key octets into `key` at `to`; returns the offset behind. Never fails on what `sizeOf` has measured. Hot. */
  keyInto(bytes: Uint8Array, at: number, size: number, key: Uint8Array, to: number): number
  /** Writes the octets that are not key into `rest` at `to`; returns the offset behind. Hot. */
  restInto(bytes: Uint8Array, at: number, size: number, rest: Uint8Array, to: number): number
  /** Writes the NLRI made of a key and a rest at `to` of `out`; returns the offset behind. Hot. */
  join(
    key: Uint8Array,
    keyAt: number,
    keyLength: number,
    rest: Uint8Array,
    restAt: number,
    restLength: number,
    out: Uint8Array,
    to: number,
  ): number
  /** Writes an NLRI that withdraws the key: a rest of zeros of the right size. Returns the offset behind. Hot. */
  joinWithdrawn(key: Uint8Array, keyAt: number, keyLength: number, out: Uint8Array, to: number): number
  /** Decoded view of one NLRI, in neutral names, for people and programs. */
  read(bytes: Uint8Array, at: number, size: number): NlriView
  /** One line as operators know it: `[2]:[0]:[48]:[02:01:00:00:01:64]:[32]:[10.1.1.1]` with the RD in front. */
  format(view: NlriView): string
}

/** A decoded NLRI; the members depend on the family and type (names as in the field list of each type's file). */
export interface NlriView {
  /** 0 in families whose routes are all of one type. */
  readonly routeType: number
  readonly [member: string]: unknown
}
