/** A capability as octets: code and value. `table.ts` decodes those that are known. */
export interface RawCapability {
  readonly code: number
  readonly value: Uint8Array
}

/**
 * One capability of an OPEN (RFC 5492 §4): everything particular to it stands in one such object and one line of `table.ts`. The code and length
 * octets are read and written by `open.ts`; `value` is what follows them.
 */
export interface Capability<V extends object = object> {
  /** IANA capability code. */
  readonly code: number
  /** Neutral name: `multiprotocol`, `four-octet-as`, ... */
  readonly name: string
  /** null, or why these octets cannot be such a value: the OPEN is malformed then (RFC 4271 §6.2). Those that only tell names never say so. */
  check(value: Uint8Array): string | null
  /** Decodes a value that `check` has passed. */
  read(value: Uint8Array): V
  /** The octets of a value. */
  write(fields: V): Uint8Array
  /** What stands behind the name in a line for people; empty when the name says it all. */
  format(fields: V): string
}
