/**
 * Two NV domains of one region, each with one fednva and two edges, from the same configuration text that the programs read:
 *
 *     a1  a2              b1  b2       VN web   VNI 10100 in both, shared
 *       \ /                 \ /        VN vault VNI 10999 and one route target in both, private
 *      ams  ---- eBGP ----  fra
 */

import { checkText } from '../../src/config/check-text.ts'
import { checkEdgeText } from '../../src/config/edge.ts'
import { formatProblem } from '../../src/config/file/problem.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { Edge } from '../../src/nve/edge.ts'
import type { Mapping } from '../../src/nve/mapping-table.ts'
import type { Speaker } from '../../src/speaker/speaker.ts'
import { Region } from './region.ts'

export type NvaName = 'ams' | 'fra'
export type EdgeName = 'a1' | 'a2' | 'b1' | 'b2'

export const NVAS: readonly NvaName[] = ['ams', 'fra']
export const EDGES: readonly EdgeName[] = ['a1', 'a2', 'b1', 'b2']
export const ADDRESS = {
  ams: '192.0.2.1',
  a1: '192.0.2.11',
  a2: '192.0.2.12',
  fra: '198.51.100.1',
  b1: '198.51.100.11',
  b2: '198.51.100.12',
} as const
export type HostName = keyof typeof ADDRESS
export const VNS = ['web', 'vault'] as const

const HOME = { a1: 'ams', a2: 'ams', b1: 'fra', b2: 'fra' } as const
const ASN = { ams: 65001, fra: 65002 } as const
const PORT = 179
const HOLD_SECONDS = 9
const WEB_VNI = 10100

export interface Choices {
  /** Which NVAs wait to be dialled by the other; both dial, and collide, unless said. */
  readonly passive?: readonly NvaName[]
  /** Edges listen too, and their NVAs dial them: every session may collide. */
  readonly edgesListen?: boolean
  /** VNI of web in a domain; 10100 in both unless said. */
  readonly webVni?: Partial<Record<NvaName, number>>
  /** What a domain says under `share` of web; the VNI alone unless said. */
  readonly webShare?: Partial<Record<NvaName, string>>
  /** What a domain says under `macMoves` of the other one; the defaults unless said. */
  readonly macMoves?: Partial<Record<NvaName, string>>
}

export function homeOf(edge: EdgeName): NvaName {
  return HOME[edge]
}

export class TwoDomains {
  readonly region: Region
  readonly nvas = new Map<NvaName, Nva>()
  readonly edges = new Map<EdgeName, Edge>()
  /** Tenant systems that left an edge because another one has them. */
  readonly moves: string[] = []
  private readonly choices: Choices

  constructor(seed: number, choices: Choices = {}) {
    this.region = new Region(seed)
    this.choices = choices
  }

  /** Starts everybody, in this order. */
  startAll(order: readonly HostName[] = [...NVAS, ...EDGES]): this {
    for (const name of order) this.start(name)
    return this
  }

  start(name: HostName): void {
    if (name === 'ams' || name === 'fra') {
      const nva = new Nva(nvaSettings(name, this.choices), this.region.host(ADDRESS[name]), {})
      this.nvas.set(name, nva)
      this.open(name, nva.speaker)
    } else {
      const edge = new Edge(edgeSettings(name, this.choices), this.region.host(ADDRESS[name]), {
        movedAway: (tenant, to) => this.moves.push(`${tenant.mac} ${name} -> ${to.vtep}`),
      })
      this.edges.set(name, edge)
      if (this.choices.edgesListen) this.open(name, edge.speaker)
      else edge.start()
    }
  }

  /** kill -9. */
  kill(name: HostName): void {
    this.region.kill(ADDRESS[name])
    if (name === 'ams' || name === 'fra') this.nvas.delete(name)
    else this.edges.delete(name)
  }

  nva(name: NvaName): Nva {
    return this.nvas.get(name)!
  }

  edge(name: EdgeName): Edge {
    return this.edges.get(name)!
  }

  /** Attaches, and fails the test when the edge refuses. */
  attach(edge: EdgeName, vn: string, mac: string, ip: string | null = null): void {
    const outcome = this.edge(edge).attach(vn, mac, ip)
    if (!outcome.ok) throw new Error(outcome.why)
  }

  detach(edge: EdgeName, vn: string, mac: string): void {
    const outcome = this.edge(edge).detach(vn, mac)
    if (!outcome.ok) throw new Error(outcome.why)
  }

  /** Every session between those that run stands. */
  get allUp(): boolean {
    const speakers = [...this.nvas.values(), ...this.edges.values()].map(({ speaker }) => speaker)
    return speakers.every((speaker) =>
      [...speaker.peers.values()].every((peer) => peer.standing !== null || !this.runs(peer.settings.address)),
    )
  }

  /** What each edge sees of a VN: `mac @ who #sequence` by MAC. */
  seen(vn: string, edge: EdgeName): string[] {
    return this.edge(edge).table.mappings(vn).map(shortly)
  }

  /** Runs until `done`, checking all the while that no private mapping has crossed; throws with what it sees when it never is. */
  until(done: () => boolean, limitMs = 60_000): void {
    const arrived = this.region.runUntil(() => {
      this.checkPrivate()
      return done()
    }, limitMs)
    if (!arrived) throw new Error(`not after ${limitMs} ms: ${done}\n${this.picture()}`)
  }

  /** Runs on, checking. */
  run(ms: number): void {
    this.region.runUntil(() => {
      this.checkPrivate()
      return false
    }, ms)
  }

  /** No NVA nor edge holds a route of the other side's vault, nor a flood entry of it. */
  checkPrivate(): void {
    for (const [name, edge] of this.edges) {
      for (const { mac, vtep } of edge.table.mappings('vault')) {
        if (!sameSide(ADDRESS[name], vtep)) throw new Error(`${name} has a mapping of the other vault: ${mac} at ${vtep}`)
      }
      for (const vtep of edge.table.flood('vault')) {
        if (!sameSide(ADDRESS[name], vtep)) throw new Error(`${name} floods the other vault: ${vtep}`)
      }
    }
    for (const [name, { census }] of this.nvas) {
      const vault = census.vns.find(({ vn }) => vn.name === 'vault')
      for (const vtep of vault?.nves.keys() ?? []) {
        if (!sameSide(ADDRESS[name], vtep)) throw new Error(`${name} counts ${vtep} to its vault`)
      }
    }
  }

  picture(): string {
    const edges = [...this.edges.keys()].map((edge) => VNS.map((vn) => `${edge} ${vn}: ${this.seen(vn, edge).join(', ')}`).join('\n'))
    const speakers: (readonly [string, Speaker])[] = [...this.nvas, ...this.edges].map(([name, { speaker }]) => [name, speaker])
    const sessions = speakers.flatMap(([name, speaker]) =>
      [...speaker.peers.values()].map((peer) => `${name} -> ${peer.settings.name}: ${peer.state} ${peer.lastError}`),
    )
    return [...edges, ...sessions, `moves: ${this.moves.join(', ')}`].join('\n')
  }

  private open(name: HostName, speaker: Speaker): void {
    this.region.listen(ADDRESS[name], PORT, (link) => speaker.accept(link))
    speaker.start()
  }

  private runs(address: string): boolean {
    return [...this.nvas.keys(), ...this.edges.keys()].some((name) => ADDRESS[name] === address)
  }
}

/** What to say under `macMoves` by seed: nothing is frozen, or early, in either way. No MAC is frozen for more than 60 s. */
export function freezing(seed: number): string {
  return ['{ moves: 0 }', '{ moves: 3, freeze: 60 }', '{ moves: 2, freeze: 30, keep: last }'][seed % 3]!
}

function shortly({ mac, vtep, sequence }: Mapping): string {
  const who = Object.entries(ADDRESS).find(([, address]) => address === vtep)?.[0] ?? vtep
  return `${mac} @ ${who}${sequence > 0 ? ` #${sequence}` : ''}`
}

function sameSide(a: string, b: string): boolean {
  return a.split('.')[0] === b.split('.')[0]
}

export function nvaSettings(name: NvaName, { passive = [], edgesListen = false, webVni, webShare, macMoves }: Choices) {
  const vni = webVni?.[name] ?? WEB_VNI
  const other = name === 'ams' ? 'fra' : 'ams'
  const peers = EDGES.filter((edge) => HOME[edge] === name).map((edge) => `  ${edge}: { address: ${ADDRESS[edge]}, group: leaves }`)
  const checked = checkText(
    `
nva: { name: ${name}, domain: ${name}, asn: ${ASN[name]}, routerId: ${ADDRESS[name]}, listen: ["${ADDRESS[name]}:${PORT}"] }
vns:
  web: { vni: ${vni} }
  vault: { vni: 10999, routeTargets: { import: ["65000:10999"], export: ["65000:10999"] } }
peerGroups:
  leaves: { role: nve, holdTime: ${HOLD_SECONDS}, passive: ${!edgesListen} }
peers:
${peers.join('\n')}
federation:
  domains:
    ${other}:
      asn: ${ASN[other]}
      peers: [${ADDRESS[other]}]
      passive: ${passive.includes(name)}
      holdTime: ${HOLD_SECONDS}
      share: { web: ${webShare?.[name] ?? `{ vni: ${vni} }`} }
      macMoves: ${macMoves?.[name] ?? '{}'}
`,
    `${name}.yaml`,
  )
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  return checked.configuration
}

function edgeSettings(name: EdgeName, { webVni }: Choices) {
  const home = HOME[name]
  const checked = checkEdgeText(
    `
nve:
  name: ${name}
  asn: ${ASN[home]}
  routerId: ${ADDRESS[name]}
  vtep: ${ADDRESS[name]}
  nvas: [${ADDRESS[home]}]
  holdTime: ${HOLD_SECONDS}
vns:
  web: { vni: ${webVni?.[home] ?? WEB_VNI} }
  vault: { vni: 10999, routeTargets: { import: ["65000:10999"], export: ["65000:10999"] } }
`,
    `${name}.yaml`,
  )
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  return checked.configuration
}
