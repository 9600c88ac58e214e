/**
 * Whether a route fits into a message beside its attributes, as they are to be written (RFC 4271 §4.3, RFC 8654). Most attributes leave room for any NLRI;
 * for others it is asked by destination, so that a route of which the attributes nearly fill a message is still told.
 */
import { MAX_KEY } from '../../bytes/byte-key.ts'
import { findAttribute, valueEnd, valueStart } from '../../policy/rewrite/attribute-rewrite.ts'
import type { RouteOctets } from '../../policy/route-draft.ts'
import type { Rib } from '../../rib/rib.ts'
import type { SetId } from '../../rib/verdict.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import { LONGEST_NLRI } from '../../wire/nlri/family.ts'
import type { Exporter } from '../exporter/exporter.ts'
import { UPDATE_OVERHEAD } from '../packing/update-writer.ts'

/**
 * What writing can make of attributes at most: an AS4_PATH beside the AS_PATH (RFC 6793 §4.2.2), and an AS number, ORIGINATOR_ID, CLUSTER_LIST and
 * LOCAL_PREF with their headers. Only a bound, below which nothing has to be tried.
 */
const MOST_GROWTH = 2
const MOST_ADDED = 64
const LONGEST_NEXT_HOP = 32
/** A second label field, which a withdrawal has not (RFC 7432 §7.2). */
const SECOND_LABEL = 3

/** Octets of path attributes that fit into a message of `maxMessage` with any NLRI beside them. */
function longestAttributes(maxMessage: number): number {
  return maxMessage - UPDATE_OVERHEAD - LONGEST_NEXT_HOP - LONGEST_NLRI
}

export class MessageRoom {
  private readonly rib: Rib
  private readonly exporter: Exporter
  private readonly maxMessage: number
  /** Where attributes are written that may be too long; made when first needed. */
  private trial: Uint8Array | null = null
  /** Octets of long attributes as they are written, by set: policy may ask for each route of one. */
  private readonly lengths = new Map<SetId, number>()
  private readonly nlri = new Uint8Array(2 * LONGEST_NLRI)

  constructor(rib: Rib, exporter: Exporter, maxMessage: number) {
    this.rib = rib
    this.exporter = exporter
    this.maxMessage = maxMessage
  }

  /** Octets that a message has left for NLRI beside the attributes of a set; `LONGEST_NLRI` and more: any fits. */
  besideSet(set: SetId): number {
    const { sets } = this.rib
    if (this.isShort(sets.attributesEnd(set) - sets.attributesAt(set))) return LONGEST_NLRI
    return this.maxMessage - UPDATE_OVERHEAD - sets.nextHopLength(set) - this.written(set)
  }

  /** Octets left for NLRI beside what policy has made of a set, at least. What writing adds is taken to be what it adds to the set, and a little more. */
  besideEdited(set: SetId, { bytes, from, to, nextHopLength }: RouteOctets): number {
    const octets = to - from
    if (this.isShort(octets)) return LONGEST_NLRI
    const { sets } = this.rib
    const ownFrom = sets.attributesAt(set)
    const ownTo = sets.attributesEnd(set)
    const added = Math.max(0, this.written(set) - (ownTo - ownFrom))
    const longerPath = Math.max(0, pathOctets(bytes, from, to) - pathOctets(sets.octets(set), ownFrom, ownTo))
    return this.maxMessage - UPDATE_OVERHEAD - nextHopLength - octets - added - longerPath - MOST_ADDED
  }

  /** Whether the NLRI of any path to `dest` fits into so many octets. */
  holds(dest: number, octets: number): boolean {
    return octets >= LONGEST_NLRI || this.rib.writeWithdrawn(dest, this.nlri, 0) + SECOND_LABEL <= octets
  }

  /** A set id now names another set. */
  forget(set: SetId): void {
    if (this.lengths.size > 0) this.lengths.delete(set)
  }

  private isShort(octets: number): boolean {
    return MOST_GROWTH * octets + MOST_ADDED <= longestAttributes(this.maxMessage)
  }

  private written(set: SetId): number {
    const known = this.lengths.get(set)
    if (known !== undefined) return known
    this.trial ??= new Uint8Array(MOST_GROWTH * MAX_KEY + MOST_ADDED)
    const length = this.exporter.write(set, this.trial, 0)
    this.lengths.set(set, length)
    return length
  }
}

function pathOctets(bytes: Uint8Array, from: number, to: number): number {
  const path = findAttribute(bytes, from, to, AttributeCode.asPath)
  return path < 0 ? 0 : valueEnd(bytes, path) - valueStart(bytes, path)
}
