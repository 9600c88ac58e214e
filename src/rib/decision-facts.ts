/**
 * What the decision process asks about attribute sets, as columns by set id: read from the attributes once, when a set is made. `AttributeSets` is built on it
 * rather than holding one, because `compare` reads these columns for every pair of paths and another object would stand in the way.
 */
import { grownUint8, grownUint16, grownUint32 } from '../bytes/columns.ts'
import { u8, u16, u32 } from '../bytes/octets.ts'
import { AttributeCode, EXTENDED_LENGTH } from '../wire/attribute/attribute.ts'
import { domainsIn } from '../wire/attribute/d-path.ts'
import { SegmentCode } from '../wire/attribute/segments.ts'
import { findExtended } from '../wire/community/find.ts'
import { MAC_MOBILITY } from '../wire/community/mac-mobility.ts'
import type { SetId } from './verdict.ts'

/** Sets the columns have room for at first. */
export const FIRST = 16
/** Octets of these columns for one set. */
export const FACT_OCTETS = 28

/** Bits of `mobility`: MAC Mobility is present, and sticky (RFC 7432 §7.7). */
export const MOBILITY = 1
export const STICKY = 2

/** LOCAL_PREF of a route without one: RFC 4271 §9.1.1 leaves it to the speaker. */
const DEFAULT_LOCAL_PREF = 100
const INCOMPLETE = 2

export class DecisionFacts {
  localPref = new Uint32Array(FIRST)
  /** AS_PATH length, RFC 4271 §9.1.2.2 a: a set counts one, confederation segments none (RFC 5065 §5.3). */
  pathLength = new Uint16Array(FIRST)
  /** Domains in the D-PATH (RFC 10039); 0: none. */
  domainPathLength = new Uint16Array(FIRST)
  /** 0 IGP, 1 EGP, 2 INCOMPLETE. */
  origin = new Uint8Array(FIRST)
  med = new Uint32Array(FIRST)
  /** First AS of a leading AS_SEQUENCE; 0: none. */
  neighborAs = new Uint32Array(FIRST)
  /** ORIGINATOR_ID; 0: none. */
  originator = new Uint32Array(FIRST)
  /** Cluster ids in the CLUSTER_LIST. */
  clusterLength = new Uint16Array(FIRST)
  /** `MOBILITY` and `STICKY`. */
  mobility = new Uint8Array(FIRST)
  mobilitySequence = new Uint32Array(FIRST)
  /** Each gives one of the columns the capacity it is called with. */
  protected readonly factColumns: readonly ((capacity: number) => void)[] = [
    (capacity) => {
      this.localPref = grownUint32(this.localPref, capacity)
    },
    (capacity) => {
      this.pathLength = grownUint16(this.pathLength, capacity)
    },
    (capacity) => {
      this.domainPathLength = grownUint16(this.domainPathLength, capacity)
    },
    (capacity) => {
      this.origin = grownUint8(this.origin, capacity)
    },
    (capacity) => {
      this.med = grownUint32(this.med, capacity)
    },
    (capacity) => {
      this.neighborAs = grownUint32(this.neighborAs, capacity)
    },
    (capacity) => {
      this.originator = grownUint32(this.originator, capacity)
    },
    (capacity) => {
      this.clusterLength = grownUint16(this.clusterLength, capacity)
    },
    (capacity) => {
      this.mobility = grownUint8(this.mobility, capacity)
    },
    (capacity) => {
      this.mobilitySequence = grownUint32(this.mobilitySequence, capacity)
    },
  ]

  /** Reads the facts of a new set from its path attributes, octets `from`..`to`: canonical, and checked on the way in. */
  protected readFacts(set: SetId, bytes: Uint8Array, from: number, to: number): void {
    this.localPref[set] = DEFAULT_LOCAL_PREF
    this.pathLength[set] = 0
    this.domainPathLength[set] = 0
    this.origin[set] = INCOMPLETE
    this.med[set] = 0
    this.neighborAs[set] = 0
    this.originator[set] = 0
    this.clusterLength[set] = 0
    this.mobility[set] = 0
    this.mobilitySequence[set] = 0
    for (let at = from; at < to; ) {
      const code = u8(bytes, at + 1)
      const extended = (u8(bytes, at) & EXTENDED_LENGTH) !== 0
      const length = extended ? u16(bytes, at + 2) : u8(bytes, at + 2)
      const value = at + (extended ? 4 : 3)
      if (code === AttributeCode.origin) this.origin[set] = u8(bytes, value)
      else if (code === AttributeCode.localPref) this.localPref[set] = u32(bytes, value)
      else if (code === AttributeCode.med) this.med[set] = u32(bytes, value)
      else if (code === AttributeCode.originatorId) this.originator[set] = u32(bytes, value)
      else if (code === AttributeCode.clusterList) this.clusterLength[set] = length >>> 2
      else if (code === AttributeCode.asPath) this.readPath(set, bytes, value, length)
      else if (code === AttributeCode.dPath) this.domainPathLength[set] = domainsIn(bytes, value, length)
      else if (code === AttributeCode.extCommunities) this.readMobility(set, bytes, value, length)
      at = value + length
    }
  }

  private readPath(set: SetId, bytes: Uint8Array, from: number, length: number): void {
    let total = 0
    for (let at = from; at < from + length; ) {
      const type = u8(bytes, at)
      const count = u8(bytes, at + 1)
      if (type === SegmentCode.set) total++
      else if (type === SegmentCode.sequence) {
        total += count
        if (at === from && count > 0) this.neighborAs[set] = u32(bytes, at + 2)
      }
      at += 2 + 4 * count
    }
    this.pathLength[set] = total
  }

  private readMobility(set: SetId, bytes: Uint8Array, from: number, length: number): void {
    const at = findExtended(bytes, from, length, MAC_MOBILITY)
    if (at < 0) return
    this.mobility[set] = MOBILITY | (u8(bytes, at + 2) & 1 ? STICKY : 0)
    this.mobilitySequence[set] = u32(bytes, at + 4)
  }
}
