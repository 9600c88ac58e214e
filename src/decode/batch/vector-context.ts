/** The `context` of a line of a batch: what the receiver of the octets knows, each member only where it matters. */
import { parseRouterId } from '../../address/router-id.ts'
import type { MessageContext } from '../../wire/message.ts'
import { type AddressFamily, IPV4_UNICAST, L2VPN_EVPN } from '../../wire/negotiated.ts'

export type StateName = 'Idle' | 'Connect' | 'Active' | 'OpenSent' | 'OpenConfirm' | 'Established'

/** As it stands in the line; a missing key: as4 true, addpath false, ibgp true. */
export interface VectorContext {
  readonly as4: boolean
  /** true: every family. */
  readonly addpath: boolean | readonly AddressFamily[]
  readonly ibgp: boolean
  /** null: nobody asks about a session. */
  readonly state: StateName | null
  readonly peerAs: number | null
  readonly localAs: number | null
  /** BGP Identifier, unsigned. */
  readonly localId: number | null
  readonly extendedMessage: boolean | null
  readonly enhancedRouteRefresh: boolean | null
  readonly families: readonly AddressFamily[] | null
  /** The peer is of the same confederation. */
  readonly confederation: boolean
  readonly enforceFirstAs: boolean
  /** Some key tells of a session with a peer, so that the verdict is that of a session. */
  readonly ofSession: boolean
}

/** Keys that say how octets are read; the others say with whom. */
const READING_KEYS = ['as4', 'addpath', 'ibgp', 'extendedMessage']
const STATES: readonly string[] = ['Idle', 'Connect', 'Active', 'OpenSent', 'OpenConfirm', 'Established']

/** Reads the member; text: what is wrong with it. */
export function readVectorContext(value: unknown): VectorContext | string {
  if (value === undefined || value === null) return readVectorContext({})
  if (typeof value !== 'object' || Array.isArray(value)) return 'context: expected an object'
  const given = value as Readonly<Record<string, unknown>>
  const addpath = typeof given.addpath === 'boolean' ? given.addpath : readFamilies(given.addpath)
  if (typeof addpath === 'string') return `context.addpath: ${addpath}`
  const families = readFamilies(given.families)
  if (typeof families === 'string') return `context.families: ${families}`
  if (given.state !== undefined && !STATES.includes(given.state as string)) return `context.state: found ${JSON.stringify(given.state)}`
  const localId = typeof given.localId === 'string' ? parseRouterId(given.localId) : null
  return {
    as4: given.as4 !== false,
    addpath: addpath ?? false,
    ibgp: given.ibgp !== false,
    state: (given.state as StateName | undefined) ?? null,
    peerAs: numberOf(given.peerAs),
    localAs: numberOf(given.localAs),
    localId: localId?.ok ? localId.value : numberOf(given.localId),
    extendedMessage: booleanOf(given.extendedMessage),
    enhancedRouteRefresh: booleanOf(given.enhancedRouteRefresh),
    families,
    confederation: given.confederation !== undefined && given.confederation !== null && given.confederation !== false,
    enforceFirstAs: given.enforceFirstAs === true,
    ofSession: Object.keys(given).some((key) => !READING_KEYS.includes(key)),
  }
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
const booleanOf = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)

/** A list of `"25/70"` or `{afi, safi}`; null when there is none, text when it is something else. */
function readFamilies(value: unknown): readonly AddressFamily[] | null | string {
  if (value === undefined || value === null) return null
  if (!Array.isArray(value)) return 'expected a list of "afi/safi"'
  const families: AddressFamily[] = []
  for (const one of value as readonly unknown[]) {
    const [, afi, safi] = typeof one === 'string' ? (/^([0-9]+)\/([0-9]+)$/.exec(one) ?? []) : familyMembers(one)
    if (afi === undefined || safi === undefined) return `found ${JSON.stringify(one)}, expected "afi/safi"`
    families.push({ afi: Number(afi), safi: Number(safi) })
  }
  return families
}

function familyMembers(value: unknown): unknown[] {
  const { afi, safi } = (value ?? {}) as { afi?: unknown; safi?: unknown }
  return [null, afi, safi]
}

/** `addpath: true` means every family that is decoded. */
const EVERY_FAMILY: readonly AddressFamily[] = [L2VPN_EVPN, IPV4_UNICAST, { afi: 2, safi: 1 }, { afi: 1, safi: 128 }, { afi: 2, safi: 128 }]

/** What the codec needs of it. Without a session messages may be long: the octets are there. */
export function messageContext(context: VectorContext): MessageContext {
  const addPath = context.addpath === true ? EVERY_FAMILY : context.addpath === false ? [] : context.addpath
  const extendedMessage = context.extendedMessage ?? !context.ofSession
  const reading = { fourOctetAs: context.as4, internal: context.ibgp, addPath, extendedMessage }
  return context.confederation ? { ...reading, confederation: true } : reading
}
