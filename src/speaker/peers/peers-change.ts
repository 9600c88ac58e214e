/**
 * What becomes of peers and listen ranges when a speaker is told to be another one: who is new, who goes, whose session must begin anew, and who is only
 * treated differently from now on.
 */
import type { ListenRangeSettings, PeerSettings, PeerTemplate, SpeakerSettings } from '../settings.ts'

/** One that is there before and after. `fields` names what differs, in the words of the settings. */
export interface Changed<T> {
  readonly before: T
  readonly after: T
  readonly fields: readonly string[]
}

export interface ChangesOf<T> {
  readonly added: readonly T[]
  readonly removed: readonly T[]
  /** What was agreed in the OPENs, or the connection itself, would be another: the session begins anew. */
  readonly reset: readonly Changed<T>[]
  /** The session stays as it is. */
  readonly kept: readonly Changed<T>[]
}

/** Peers are the same by name, listen ranges by prefix. */
export interface PeersChange {
  readonly peers: ChangesOf<PeerSettings>
  readonly ranges: ChangesOf<ListenRangeSettings>
}

/** Stands among the fields of a peer whose domain has another boundary. */
const BOUNDARY = 'boundary'

/** Fields that a session was made with. The others can change under it; how to dial counts from the next attempt on. */
const OF_THE_SESSION: ReadonlySet<string> = new Set<keyof PeerSettings | typeof BOUNDARY>([
  BOUNDARY,
  'address',
  'asn',
  'domain',
  'localAddress',
  'password',
  'holdTimeSeconds',
  // What the peer is told depends on these two, and telling it anew what differs is not there yet.
  'routeReflectorClient',
  'profile',
])

/** Fields that matter to getting a session: a peer without one begins its attempts anew. */
const OF_DIALLING: ReadonlySet<string> = new Set<keyof PeerTemplate>(['port', 'passive', 'connectRetrySeconds'])

/** `anew`: domains whose sessions begin anew whatever their peers' settings. */
export function peersChange(before: SpeakerSettings, after: SpeakerSettings, anew: ReadonlySet<string> = new Set()): PeersChange {
  return {
    peers: changesOf(before.peers, after.peers, ({ name }) => name, anew),
    ranges: changesOf(before.listenRanges, after.listenRanges, rangeKey, anew),
  }
}

/** Two ranges of one prefix are the same range. */
export function rangeKey({ prefix, prefixLength }: ListenRangeSettings): string {
  return `${prefix.join('.')}/${prefixLength}`
}

/** Whether a session that was made with another value of this field begins anew. */
export function isOfTheSession(field: string): boolean {
  return OF_THE_SESSION.has(field)
}

export function mattersToDialling(fields: readonly string[]): boolean {
  return fields.some((field) => OF_DIALLING.has(field))
}

function changesOf<T extends PeerTemplate>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (one: T) => string,
  anew: ReadonlySet<string>,
): ChangesOf<T> {
  const old = new Map(before.map((one) => [keyOf(one), one]))
  const keys = new Set(after.map(keyOf))
  const both = after.flatMap((one): Changed<T>[] => {
    const was = old.get(keyOf(one))
    const fields = was === undefined ? [] : fieldsThatDiffer(was, one)
    if (one.domain !== null && anew.has(one.domain)) fields.push(BOUNDARY)
    return was === undefined || fields.length === 0 ? [] : [{ before: was, after: one, fields }]
  })
  const again = ({ fields }: Changed<T>): boolean => fields.some(isOfTheSession)
  return {
    added: after.filter((one) => !old.has(keyOf(one))),
    removed: before.filter((one) => !keys.has(keyOf(one))),
    reset: both.filter(again),
    kept: both.filter((one) => !again(one)),
  }
}

/** Values are compared by identity but for octets: a policy that says the same is the same object. */
function fieldsThatDiffer(before: object, after: object): string[] {
  const was = new Map(Object.entries(before))
  return Object.entries(after).flatMap(([field, value]) => (same(was.get(field), value) ? [] : [field]))
}

function same(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return a.length === b.length && a.every((octet, i) => octet === b[i])
  return a === b
}
