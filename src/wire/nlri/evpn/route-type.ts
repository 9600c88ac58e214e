/**
 * One EVPN route type: everything that is particular to it. The body is what follows the type and length octets.
 *
 *     +------------------+
 *     | Route Type  (1)  |
 *     | Length      (1)  |
 *     | body   (Length)  |
 *     +------------------+
 *
 * Which body octets are route key (RFC 7432 §7, RFC 9136 §3.1, RFC 9251 §9): all of them but a hole of path data (the ESI of types 2 and 5, octets 8..18) and
 * a tail of path data (labels, gateway, flags) that starts at `keyEnd`.
 */
export interface EvpnRouteType<V extends object = object> {
  readonly type: number
  /** Neutral name: `ethernet-ad`, `mac-ip`, `imet`, `ethernet-segment`, `ip-prefix`, ... */
  readonly name: string
  /** Whether octets 8..18 of the body (the ESI) are path data instead of key. */
  readonly esiIsPathData: boolean
  /** Judges a body of `length` octets at `at`. null, or why it cannot be used. Hot: no allocation on success. */
  check(bytes: Uint8Array, at: number, length: number): string | null
  /** Offset within the body where the key ends and the tail begins; at most `length`. Total: any octets. Hot. */
  keyEnd(bytes: Uint8Array, at: number, length: number): number
  /** Octets of the tail in a withdrawal whose key part of the body (hole included) has `keyEnd` octets. Hot. */
  withdrawnTail(keyEnd: number): number
  /** Decodes a body that `check` has passed. */
  read(bytes: Uint8Array, at: number, length: number): V
  /** Writes a body; returns the offset behind. */
  write(value: V, out: Uint8Array, at: number): number
  /** Text of what follows `[type]`: `:[0]:[48]:[02:...]`. */
  format(value: V): string
}
