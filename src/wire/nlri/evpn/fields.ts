/**
 * Fields that several route types share, in the neutral names of the views: the route distinguisher, the ESI, and the 3-octet label field.
 *
 * The label field is shown twice, because only the encapsulation tells which one counts: `labelN` is its upper 20 bits (MPLS), `vniN` all 24
 * (RFC 8365 §5.1.3).
 */
import { formatEsi, NO_ESI, writeEsi } from '../../../address/esi.ts'
import { formatRd, rdType, writeRd } from '../../../address/rd.ts'
import { put24, u8 } from '../../../bytes/octets.ts'

/** As read from the wire. */
export interface RdView {
  readonly rdType: number
  readonly rd: string
}

/** As given for writing: the type follows from the text unless it is said (RD types 0 and 2 look alike). */
export interface RdFields {
  readonly rdType?: number
  readonly rd: string
}

export function readRd(bytes: Uint8Array, at: number): RdView {
  return { rdType: rdType(bytes, at), rd: formatRd(bytes, at) }
}

export function putRd(fields: RdFields, out: Uint8Array, at: number): number {
  return writeRd(fields.rd, fields.rdType, out, at)
}

export interface EsiView {
  readonly esiType: number
  readonly esi: string
}

export function readEsi(bytes: Uint8Array, at: number): EsiView {
  return { esiType: u8(bytes, at), esi: formatEsi(bytes, at) }
}

/** Writes the ESI, zero when there is none. */
export function putEsi(esi: string | undefined, out: Uint8Array, at: number): number {
  return writeEsi(esi ?? NO_ESI, out, at)
}

/** Writes a label field: the 24 bits of `vni`, or the 20 of `label` above an empty low nibble. */
export function putLabel(vni: number | undefined, label: number | undefined, out: Uint8Array, at: number): number {
  return put24(out, at, vni ?? (label ?? 0) << 4)
}
