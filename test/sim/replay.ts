/** A whole NVA in the place of a speaker of the captures' lab, and the messages of a capture said to it. */
import { formatIp } from '../../src/address/ip.ts'
import { hex } from '../../src/bytes/octets.ts'
import { checkText } from '../../src/config/check-text.ts'
import { formatProblem } from '../../src/config/file/problem.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { refusalOf } from '../../src/policy/refusal.ts'
import { type Announced, CATEGORY, type Recorded } from './recorded.ts'
import { Region } from './region.ts'
import { ReplayingPeer } from './replaying-peer.ts'

export const REFLECTOR = '10.1.0.100'
export const NVE_1 = '10.1.0.1'
export const NVE_2 = '10.1.0.2'
/** The reflectors of the two domains, as the other one sees them. */
export const NVA_A = '10.255.1.1'
export const NVA_B = '10.255.1.2'
/** They listen to what the NVA tells others: an NVE of its domain, and a second NVA of the other domain. */
export const WITNESS = '10.1.0.99'
export const FAR_WITNESS = '10.255.1.99'

/** Where an NVA may stand. */
const HERE: Readonly<Record<string, { readonly asn: number; readonly routerId: string; readonly role: string }>> = {
  [REFLECTOR]: { asn: 65001, routerId: REFLECTOR, role: 'nve' },
  [NVE_1]: { asn: 65001, routerId: NVE_1, role: 'plain' },
  [NVE_2]: { asn: 65001, routerId: NVE_2, role: 'plain' },
  [NVA_A]: { asn: 65001, routerId: REFLECTOR, role: 'nve' },
  [NVA_B]: { asn: 65002, routerId: '10.2.0.100', role: 'nve' },
}
const SETTLE_MS = 50
const UP_WITHIN_MS = 5_000

export class Replay {
  readonly region: Region
  readonly nva: Nva
  /** Why sessions and attempts ended, in order. */
  readonly ended: string[] = []
  private readonly at: string
  private readonly asn: number

  constructor(at: string, seed = 1) {
    this.at = at
    this.asn = HERE[at]!.asn
    this.region = new Region(seed)
    const checked = checkText(configurationText(at), `${at}.yaml`)
    if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
    this.nva = new Nva(checked.configuration, this.region.host(at), {
      state: (peer, from) => void (from === 'Established' && this.ended.push(peer.lastError)),
      note: (_, why) => void this.ended.push(why),
    })
    this.region.listen(at, 179, (link) => this.nva.speaker.accept(link))
    this.nva.speaker.start()
  }

  /** A peer whose session is up. */
  join(address: string): ReplayingPeer {
    const peer = new ReplayingPeer(this.region, address, this.at, { asn: asnOf(address), peerAs: this.asn })
    if (!this.region.runUntil(() => this.stands(address), UP_WITHIN_MS)) throw new Error(`${address} does not come up: ${this.ended}`)
    this.region.run(SETTLE_MS)
    return peer
  }

  /**
   * Says to the NVA what `who` says in the messages, octet for octet, one connection after the other in the order in which they fell silent: of a
   * collision the one that lost comes first. A connection of which the OPEN is not recorded is brought up with a plain OPEN.
   */
  say(who: string, messages: readonly Recorded[]): void {
    const spoken = messages.filter(({ from }) => from === who)
    const connections = [...new Set(spoken.map(({ connection }) => connection))].sort(
      (a, b) => spoken.findLastIndex(({ connection }) => connection === a) - spoken.findLastIndex(({ connection }) => connection === b),
    )
    for (const connection of connections) {
      const begun = messages.some((message) => message.connection === connection && message.type === 'OPEN')
      const peer = begun ? this.dial(who) : this.join(who)
      for (const message of spoken) {
        if (message.connection !== connection) continue
        peer.link!.write(message.octets)
        this.region.run(SETTLE_MS)
      }
      if (connection === connections.at(-1)) continue
      peer.link!.close()
      this.region.run(SETTLE_MS)
    }
  }

  stands(address: string): boolean {
    return this.peer(address)?.standing != null
  }

  /** The Adj-RIB-In of a peer by route key, and how many of it are refused for what reason. */
  adjRibIn(address: string): { table: Map<string, Announced>; refused: Record<string, number> } {
    const { rib, sets, sources } = this.nva.speaker
    const table = new Map<string, Announced>()
    const refused: Record<string, number> = {}
    const scratch = new Uint8Array(512)
    for (let dest = 0; dest < rib.destinations.capacity; dest++) {
      if (!rib.destinations.isLive(dest)) continue
      for (let row = rib.firstRow(dest); row >= 0; row = rib.nextRow(row)) {
        if (sources.attachments[rib.peerOf(row)]?.peer.settings.address !== address) continue
        const set = rib.rows.set[row]!
        const size = rib.writeNlri(row, scratch, 0)
        table.set(rib.family.format(rib.family.read(scratch, 0, size)), {
          nlri: hex(scratch, 0, size),
          nextHop: formatIp(sets.octets(set), sets.nextHopAt(set), sets.nextHopLength(set) === 4 ? 4 : 16),
          attributes: attributesOf(sets.octets(set), sets.attributesAt(set), sets.attributesEnd(set)),
        })
        const reason = refusalOf(rib.rows.used[row]!)
        if (reason !== null) refused[reason] = (refused[reason] ?? 0) + 1
      }
    }
    return { table, refused }
  }

  /** What a peer heard of routes, in order; null is a withdrawal. */
  told(peer: ReplayingPeer): [string, Announced | null][] {
    return peer.heard.flatMap((octets) => saidIn(octets, (nlri) => this.nva.speaker.rib.family.format(read(this.nva, nlri))))
  }

  private peer(address: string) {
    return [...this.nva.speaker.peers.values()].find(({ settings }) => settings.address === address)
  }

  private dial(who: string): ReplayingPeer {
    const peer = new ReplayingPeer(this.region, who, this.at, null)
    if (!this.region.runUntil(() => peer.link !== null, UP_WITHIN_MS)) throw new Error(`${who} does not reach the NVA`)
    return peer
  }
}

function asnOf(address: string): number {
  return address === NVA_B || address === FAR_WITNESS ? 65002 : 65001
}

/** The VNs of the lab: 100 and 300 (of layer 3) have one route target in both domains and are shared, 200 has one of each domain and is not. */
function configurationText(at: string): string {
  const { asn, routerId, role } = HERE[at]!
  const peers = [REFLECTOR, NVE_1, NVE_2, WITNESS].filter((address) => address !== at && asn === 65001)
  const other = asn === 65001 ? { asn: 65002, peers: [NVA_B, FAR_WITNESS] } : { asn: 65001, peers: [NVA_A] }
  return `
nva: { name: "here", domain: here, asn: ${asn}, routerId: ${routerId}, listen: ["${at}:179"] }
vns:
  web: { vni: 100, routeTargets: { import: ["65000:100"], export: ["65000:100"] } }
  db: { vni: 200, routeTargets: { import: ["${asn}:10200"], export: ["${asn}:10200"] } }
  routed: { vni: 300, service: l3, routeTargets: { import: ["65000:300"], export: ["65000:300"] } }
peers: { ${peers.map((address) => `"${address}": { address: ${address}, role: ${role}, passive: true }`).join(', ')} }
federation:
  domains:
    there:
      asn: ${other.asn}
      peers: [${other.peers.join(', ')}]
      passive: true
      share: { web: { routeTargets: ["65000:100"] }, routed: { routeTargets: ["65000:300"] } }
`
}

const UPDATE = 2
const TYPE_AT = 18
/** Of an UPDATE without withdrawn IPv4 routes: after header, withdrawn length and attributes length. */
const ATTRIBUTES_AT = 23
const EXTENDED_LENGTH = 0x10
const MP_REACH = 14
const MP_UNREACH = 15

function eachAttribute(octets: Uint8Array, at: number, end: number, take: (code: number, flags: number, from: number, to: number) => void) {
  while (at < end) {
    const extended = (octets[at]! & EXTENDED_LENGTH) !== 0
    const length = extended ? octets[at + 2]! * 256 + octets[at + 3]! : octets[at + 2]!
    const from = at + (extended ? 4 : 3)
    take(octets[at + 1]!, octets[at]! & CATEGORY, from, from + length)
    at = from + length
  }
}

function attributesOf(octets: Uint8Array, at: number, end: number): Record<number, string> {
  const attributes: Record<number, string> = {}
  eachAttribute(octets, at, end, (code, flags, from, to) => {
    if (code !== MP_REACH && code !== MP_UNREACH) attributes[code] = `${flags.toString(16)} ${hex(octets, from, to)}`
  })
  return attributes
}

/** What an UPDATE says of routes of L2VPN EVPN (RFC 4760 §3, §4). */
function saidIn(octets: Uint8Array, routeOf: (nlri: Uint8Array) => string): [string, Announced | null][] {
  if (octets[TYPE_AT] !== UPDATE) return []
  const said: [string, Announced | null][] = []
  const attributes = attributesOf(octets, ATTRIBUTES_AT, octets.length)
  eachAttribute(octets, ATTRIBUTES_AT, octets.length, (code, _, from, to) => {
    if (code === MP_UNREACH) for (const nlri of routesIn(octets, from + 3, to)) said.push([routeOf(nlri), null])
    if (code !== MP_REACH) return
    const nextHopLength = octets[from + 3]!
    const nextHop = formatIp(octets, from + 4, nextHopLength === 4 ? 4 : 16)
    for (const nlri of routesIn(octets, from + 5 + nextHopLength, to)) said.push([routeOf(nlri), { nlri: hex(nlri), nextHop, attributes }])
  })
  return said
}

function routesIn(octets: Uint8Array, at: number, end: number): Uint8Array[] {
  const routes: Uint8Array[] = []
  for (let next = at; at < end; at = next) {
    next = at + 2 + octets[at + 1]!
    routes.push(octets.subarray(at, next))
  }
  return routes
}

function read(nva: Nva, nlri: Uint8Array) {
  return nva.speaker.rib.family.read(nlri, 0, nlri.length)
}
