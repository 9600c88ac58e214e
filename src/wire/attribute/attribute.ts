import type { Fault } from '../fault.ts'
import type { AddressFamily, Negotiated } from '../negotiated.ts'

/** Attribute flag bits (RFC 4271 §4.3). */
export const OPTIONAL = 0x80
export const TRANSITIVE = 0x40
export const PARTIAL = 0x20
export const EXTENDED_LENGTH = 0x10

export const WELL_KNOWN = TRANSITIVE
export const OPTIONAL_TRANSITIVE = OPTIONAL | TRANSITIVE
export const OPTIONAL_NON_TRANSITIVE = OPTIONAL

/** What reading an attribute depends on. */
export interface AttributeContext extends Pick<Negotiated, 'fourOctetAs' | 'internal'> {
  /** Families whose NLRI have a path identifier before them (RFC 7911); for views of messages of others, we do not negotiate it. */
  readonly addPath?: readonly AddressFamily[]
  /** Whether the peer is in our confederation, where AS_PATH may have confederation segments; when nothing is said, internal peers are (RFC 5065 §5). */
  readonly confederation?: boolean
}

/**
 * One path attribute: everything the rest of the house needs to know about it stands in one such object and one line of `table.ts`.
 * The generic loop does framing, flags, duplicates, the extended length and what is unknown.
 */
export interface PathAttribute<T = unknown> {
  /** IANA type code. */
  readonly code: number
  /** Neutral name, camelCase: `origin`, `asPath`, ... */
  readonly name: string
  /** The Optional and Transitive bits it must carry: WELL_KNOWN, OPTIONAL_TRANSITIVE or OPTIONAL_NON_TRANSITIVE. */
  readonly flags: number
  /** How far other Optional and Transitive bits reach; when nothing is said, the routes are withdrawn (RFC 7606 §3 c). */
  readonly wrongFlags?: 'attribute' | 'session'
  /** From an external peer it is discarded, whatever its flags and value (RFC 7606 §7.5, §7.9, §7.10): `check` says so. */
  readonly internalOnly?: true
  /** The neutral names have no member for it: views list it among `unknown`, as octets. `read` and `format` decode it all the same. */
  readonly viewedAsOctets?: true
  /**
   * Judges the value octets once, at the door. Never throws. Returns the fault with the reach that RFC 7606 §7 orders, or null.
   * Structure only; whether such a peer may send it is asked elsewhere.
   */
  check(bytes: Uint8Array, at: number, length: number, context: AttributeContext): Fault | null
  /** Decodes value octets that `check` has passed. For people and programs at the edges, not for the hot path. */
  read(bytes: Uint8Array, at: number, length: number, context: AttributeContext): T
  /** Writes the value octets at `at`; returns the offset behind them. */
  write(value: T, out: Uint8Array, at: number, context: AttributeContext): number
  /** One line of text for people. */
  format(value: T): string
}

/** Attribute type codes by name, for code that looks one up in octets. */
export const AttributeCode = {
  origin: 1,
  asPath: 2,
  nextHop: 3,
  med: 4,
  localPref: 5,
  atomicAggregate: 6,
  aggregator: 7,
  communities: 8,
  originatorId: 9,
  clusterList: 10,
  mpReach: 14,
  mpUnreach: 15,
  extCommunities: 16,
  as4Path: 17,
  as4Aggregator: 18,
  pmsiTunnel: 22,
  tunnelEncapsulation: 23,
  ipv6ExtCommunities: 25,
  aigp: 26,
  largeCommunities: 32,
  otc: 35,
  dPath: 36,
} as const
export type AttributeCode = (typeof AttributeCode)[keyof typeof AttributeCode]
