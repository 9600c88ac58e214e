/** Whom and what cases name: peers, addresses of listen ranges, domains and VNs of the configuration. */
import { formatIp, parseIp } from '../../address/ip.ts'
import { contains } from '../../address/prefix.ts'
import { isCalled, someOf } from '../../api/peer-names.ts'
import type { Configuration } from '../../config/configuration.ts'
import type { CaseNames } from '../../config/policy-cases.ts'
import type { PeerSettings } from '../../speaker/settings.ts'

/** A field of a case that does not hold: what was found there, and what would be right. */
export interface CaseTrouble {
  readonly field: readonly string[]
  readonly found: string
  readonly expected: string
}

/** Whom a case names, null where that is nobody; and what it names that the configuration does not have. */
export interface Named {
  readonly from: PeerSettings | null
  readonly to: PeerSettings | null
  readonly unknown: readonly CaseTrouble[]
}

export function named(configuration: Configuration, { from, to, vn }: CaseNames): Named {
  const unknown: CaseTrouble[] = []
  const peer = (field: 'from' | 'to', who: string | undefined): PeerSettings | null => {
    const found = who === undefined ? null : peerNamed(configuration, who)
    if (who !== undefined && found === null) unknown.push({ field: [field], found: who, expected: peersOf(configuration) })
    return found
  }
  const peers = { from: peer('from', from), to: peer('to', to) }
  if (vn !== undefined && !configuration.domain.vns.some(({ name }) => name === vn))
    unknown.push({ field: ['route', 'vn'], found: vn, expected: vnsOf(configuration) })
  return { ...peers, unknown }
}

/** The peer that a case names: by name, by address, or as the first one of a federated domain; null: there is none. */
function peerNamed({ speaker }: Configuration, who: string): PeerSettings | null {
  const { peers, listenRanges } = speaker
  const peer = peers.find((one) => isCalled(one, who)) ?? peers.find(({ domain }) => domain === who)
  if (peer !== undefined) return peer
  const address = parseIp(who)
  if (!address.ok) return null
  const range = listenRanges.find(({ prefix, prefixLength }) => contains({ address: prefix, length: prefixLength }, address.value))
  const canonical = formatIp(address.value)
  return range === undefined ? null : { ...range, name: canonical, address: canonical, passive: true }
}

function peersOf({ speaker, federation }: Configuration): string {
  const names = [...federation.domains.map(({ name }) => name), ...speaker.peers.map(({ name }) => name)]
  return `a peer, an address of a listen range or a domain of the configuration: ${someOf(names)}`
}

function vnsOf({ domain }: Configuration): string {
  const names = domain.vns.map(({ name }) => name).join(', ')
  return `a VN of the configuration: ${names === '' ? 'it has none' : names}`
}
