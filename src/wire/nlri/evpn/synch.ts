/**
 * What the two synchronisation routes of an Ethernet segment share, types 7 and 8 (RFC 9251 §9.2, §9.3): they tell the other PEs of the segment
 * what a host asked for here.
 *
 *     +---------------------------------+
 *     | RD                       (8)    |
 *     | ESI                      (10)   |
 *     | Ethernet Tag             (4)    |
 *     | Source, group, originator       |  multicast.ts
 *     | tail                            |  path data, in the files of the types
 *     +---------------------------------+
 */
import { put32, u32 } from '../../../bytes/octets.ts'
import { type EsiView, putEsi, putRd, type RdFields, type RdView, readEsi, readRd } from './fields.ts'
import {
  formatMulticast,
  type MulticastFields,
  type MulticastView,
  multicastEnd,
  multicastOctets,
  putMulticast,
  readMulticast,
} from './multicast.ts'

export interface SynchView extends RdView, EsiView, MulticastView {
  readonly ethernetTag: number
}

export interface SynchFields extends RdFields, MulticastFields {
  readonly esi: string
  readonly ethernetTag: number
}

const ESI = 8
const ETHERNET_TAG = 18
const FLOW = 22

/** Octets of the tail, -1 when the address lengths cannot be. Hot: allocates nothing. */
export function synchTail(bytes: Uint8Array, at: number, length: number): number {
  const octets = multicastOctets(bytes, at + FLOW, at + length)
  return octets < 0 ? -1 : length - FLOW - octets
}

/** Offset within the body where the tail begins. Total: any octets. Hot: allocates nothing. */
export function synchKeyEnd(bytes: Uint8Array, at: number, length: number): number {
  return multicastEnd(bytes, Math.min(at + FLOW, at + length), at + length) - at
}

/** The members before the tail, of a body that `check` has passed. */
export function readSynch(bytes: Uint8Array, at: number): SynchView {
  return {
    ...readRd(bytes, at),
    ...readEsi(bytes, at + ESI),
    ethernetTag: u32(bytes, at + ETHERNET_TAG),
    ...readMulticast(bytes, at + FLOW),
  }
}

/** Writes the body up to the tail; returns the offset behind. */
export function putSynch(value: SynchFields, out: Uint8Array, at: number): number {
  const tagAt = putEsi(value.esi, out, putRd(value, out, at))
  return putMulticast(value, out, put32(out, tagAt, value.ethernetTag))
}

export function formatSynch(value: SynchView): string {
  return `:[${value.ethernetTag}]:[${value.esi}]${formatMulticast(value)}`
}
