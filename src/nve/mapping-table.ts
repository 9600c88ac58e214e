/**
 * The mapping table of an edge (RFC 8014 §3.2: where a tenant system is to be tunnelled to): VN and MAC to the remote VTEP, fed from the changes of
 * the Loc-RIB. A MAC/IP route belongs to every VN that imports one of its route targets. Routes of several route distinguishers may speak of one
 * MAC, while it moves or when it is in two places: the sticky one counts, then the highest sequence, then the lowest VTEP (RFC 7432 §15).
 */
import { formatIp } from '../address/ip.ts'
import { copyOf } from '../bytes/octets.ts'
import { Membership } from '../domain/membership.ts'
import type { VnSettings } from '../domain/settings.ts'
import { findAttribute, valueEnd, valueStart } from '../policy/rewrite/attribute-rewrite.ts'
import type { Changes } from '../rib/changes.ts'
import { STICKY } from '../rib/decision-facts.ts'
import type { Rib } from '../rib/rib.ts'
import { NO_SET, type SetId } from '../rib/verdict.ts'
import { AttributeCode } from '../wire/attribute/attribute.ts'
import { pmsiTunnel } from '../wire/attribute/pmsi-tunnel.ts'
import { IMET } from '../wire/nlri/evpn/imet.ts'
import { MAC_IP } from '../wire/nlri/evpn/mac-ip.ts'
import { type Claim, compareClaims } from './claim.ts'

/** Where a tenant system of a VN is. */
export interface Mapping {
  /** Name of the VN. */
  readonly vn: string
  readonly mac: string
  /** Tunnel endpoint of the NVE it is attached to, address text. */
  readonly vtep: string
  /** What to put into the VXLAN header: the one the NVE itself announced. */
  readonly vni: number
  /** Addresses the NVE announced for it, sorted as text. */
  readonly ips: readonly string[]
  /** MAC mobility sequence; 0 when it never moved. */
  readonly sequence: number
  readonly sticky: boolean
}

/** A mapping that is new, other than before or gone. */
export interface MappingChange {
  readonly vn: string
  readonly mac: string
  readonly before: Mapping | null
  readonly after: Mapping | null
}

/** One MAC/IP route of the Loc-RIB, decoded. */
interface Candidate extends Claim {
  readonly mac: string
  readonly ip: string | null
  readonly vtepText: string
  readonly vni: number
}

/** Routes by destination id. */
type ByDest<T> = Map<number, T>

/** Peer id of the speaker's own routes. */
const OWN = 0
const CANONICAL = { fourOctetAs: true, internal: true }

export class MappingTable {
  private readonly vns: readonly VnSettings[]
  private readonly rib: Rib
  private readonly membership: Membership
  /** By VN index, then MAC. */
  private readonly candidates: Map<string, ByDest<Candidate>>[]
  private readonly chosen: Map<string, Mapping>[]
  /** By VN index: tunnel endpoints of IMET routes. */
  private readonly floods: ByDest<string>[]
  /** What a destination stands for now, so that it can be taken back whatever it was: VN indices, and the MAC of type 2. */
  private readonly known: ByDest<{ readonly vns: readonly number[]; readonly mac: string | null }> = new Map()
  private readonly scratch = new Uint8Array(512)

  constructor(vns: readonly VnSettings[], rib: Rib) {
    this.vns = vns
    this.rib = rib
    // Only what a VN imports is put into it.
    this.membership = new Membership(
      vns.map((vn) => ({ ...vn, exportTargets: [] })),
      rib.sets,
    )
    this.candidates = vns.map(() => new Map())
    this.chosen = vns.map(() => new Map())
    this.floods = vns.map(() => new Map())
  }

  /** Follows a batch of changes of the Loc-RIB; returns what is different afterwards. */
  follow(changes: Changes): MappingChange[] {
    const touched = new Map<string, readonly [vn: number, mac: string]>()
    for (let i = 0; i < changes.count; i++) {
      const dest = changes.dest[i]!
      const set = changes.after[i]!
      for (const key of this.takeBack(dest)) touched.set(key.join(' '), key)
      if (set === NO_SET || this.rib.sets.peer[set] === OWN) continue
      for (const key of this.learn(dest, changes.row[i]!, set)) touched.set(key.join(' '), key)
    }
    return [...touched.values()].flatMap(([vn, mac]) => this.choose(vn, mac))
  }

  /** The mapping of a MAC (canonical text) in a VN; null when nobody remote has it. */
  find(vn: string, mac: string): Mapping | null {
    return this.chosen[this.indexOf(vn)]?.get(mac) ?? null
  }

  /** All mappings of a VN, by MAC; empty for a VN the edge has not got. */
  mappings(vn: string): Mapping[] {
    const mappings = [...(this.chosen[this.indexOf(vn)]?.values() ?? [])]
    return mappings.sort((a, b) => (a.mac < b.mac ? -1 : 1))
  }

  /** The VTEPs that a frame for everybody in a VN is replicated to (RFC 7432 §11), each once. */
  flood(vn: string): string[] {
    return [...new Set(this.floods[this.indexOf(vn)]?.values() ?? [])].sort()
  }

  private indexOf(vn: string): number {
    return this.vns.findIndex(({ name }) => name === vn)
  }

  private takeBack(dest: number): (readonly [number, string])[] {
    const known = this.known.get(dest)
    if (known === undefined) return []
    this.known.delete(dest)
    const { vns, mac } = known
    for (const vn of vns) {
      this.floods[vn]!.delete(dest)
      if (mac === null) continue
      const rivals = this.candidates[vn]!.get(mac)
      rivals?.delete(dest)
      if (rivals?.size === 0) this.candidates[vn]!.delete(mac)
    }
    return mac === null ? [] : vns.map((vn) => [vn, mac] as const)
  }

  private learn(dest: number, row: number, set: SetId): (readonly [number, string])[] {
    const vns = this.membership.vnsOf(set)
    if (vns.length === 0) return []
    const type = this.rib.destinations.typeOf(dest)
    if (type === IMET) {
      const endpoint = this.replicationEndpoint(set)
      if (endpoint === null) return []
      for (const vn of vns) this.floods[vn]!.set(dest, endpoint)
      this.known.set(dest, { vns, mac: null })
      return []
    }
    if (type !== MAC_IP) return []
    const candidate = this.candidate(row, set)
    for (const vn of vns) {
      const rivals = this.candidates[vn]!.get(candidate.mac) ?? new Map()
      this.candidates[vn]!.set(candidate.mac, rivals.set(dest, candidate))
    }
    this.known.set(dest, { vns, mac: candidate.mac })
    return vns.map((vn) => [vn, candidate.mac] as const)
  }

  private candidate(row: number, set: SetId): Candidate {
    const { rib, scratch } = this
    const { sets } = rib
    const view = rib.family.read(scratch, 0, rib.writeNlri(row, scratch, 0)) as unknown as { mac: string; ip: string | null; vni1: number }
    const vtep = copyOf(sets.octets(set), sets.nextHopAt(set), sets.nextHopAt(set) + (sets.nextHopLength(set) === 4 ? 4 : 16))
    return {
      mac: view.mac,
      ip: view.ip,
      vtep,
      vtepText: formatIp(vtep),
      vni: view.vni1,
      sequence: sets.mobilitySequence[set]!,
      sticky: (sets.mobility[set]! & STICKY) !== 0,
    }
  }

  /** The endpoint of ingress replication; null when the route asks for another kind of tunnel, which an edge without multicast cannot use. */
  private replicationEndpoint(set: SetId): string | null {
    const { sets } = this.rib
    const bytes = sets.octets(set)
    const at = findAttribute(bytes, sets.attributesAt(set), sets.attributesEnd(set), AttributeCode.pmsiTunnel)
    if (at < 0) return null
    const from = valueStart(bytes, at)
    return pmsiTunnel.read(bytes, from, valueEnd(bytes, at) - from, CANONICAL).endpoint ?? null
  }

  /** Chooses anew; empty when nothing is different. */
  private choose(index: number, mac: string): MappingChange[] {
    const vn = this.vns[index]!.name
    const before = this.chosen[index]!.get(mac) ?? null
    const after = this.best(vn, mac, this.candidates[index]!.get(mac))
    if (after === null) this.chosen[index]!.delete(mac)
    else this.chosen[index]!.set(mac, after)
    return sameMapping(before, after) ? [] : [{ vn, mac, before, after }]
  }

  private best(vn: string, mac: string, rivals: ByDest<Candidate> | undefined): Mapping | null {
    let best: Candidate | null = null
    for (const rival of rivals?.values() ?? []) if (best === null || compareClaims(rival, best) > 0) best = rival
    if (best === null) return null
    const { vtepText, vni, sequence, sticky } = best
    const ips = new Set<string>()
    for (const { vtepText: other, ip } of rivals?.values() ?? []) if (other === vtepText && ip !== null) ips.add(ip)
    return { vn, mac, vtep: vtepText, vni, ips: [...ips].sort(), sequence, sticky }
  }
}

function sameMapping(a: Mapping | null, b: Mapping | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
