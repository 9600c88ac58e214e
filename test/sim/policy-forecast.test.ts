/**
 * What `policy diff` tells before a reload is what the reload does then, route by route and peer by peer, and the telling leaves no trace: random policies and routes, with
 * paths that compete, another AS, another domain and mapped VNIs.
 */
import { describe, expect, test } from 'vitest'
import type { PolicyDiffAnswer } from '../../src/api/schema/policy-diff.ts'
import { hex } from '../../src/bytes/octets.ts'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { LEAF_1, LEAF_2, LEAF_3, PolicyStage } from './policy-stage.ts'
import { macRoute, type ScriptedPeer } from './scripted-peer.ts'

const FRA = '198.51.100.1'
const OTHER_AS = '203.0.113.1'
const WEB = '65001:10100'
/** Every shape of outcome is in them; those from 12 on once found something that was told and not done. */
const SEEDS = [1, 2, 3, 4, 5, 6, 12, 13, 24, 28, 38]
const MACS = 36

/** A generator of numbers below `n` (mulberry32): the same for the same seed. */
function dice(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % n
  }
}

type Roll = (n: number) => number
const of = <T>(roll: Roll, list: readonly T[]): T => list[roll(list.length)]!
const mac = (n: number) => `02:00:00:00:00:${n.toString(16).padStart(2, '0')}`

const MATCHES: readonly ((roll: Roll) => string)[] = [
  (roll) => `vni: ${of(roll, ['10100', '10101-10102', '10103'])}`,
  (roll) => `mac: ["${mac(roll(MACS))}", "${mac(roll(MACS))}", "${mac(roll(MACS))}"]`,
  (roll) => `peer: ${of(roll, ['leaf1', 'leaf2', 'other'])}`,
  (roll) => `routeTarget: "${of(roll, [WEB, '65001:7', '65001:10200'])}"`,
  (roll) => `community: "65001:${roll(3)}"`,
  () => 'domain: fra',
]
const SETS: readonly ((roll: Roll) => string)[] = [
  (roll) => `localPref: ${of(roll, [90, 100, 150])}`,
  (roll) => `med: ${roll(3)}`,
  (roll) => `communities: { add: "65001:${roll(3)}" }`,
  (roll) => `routeTargets: { add: "${of(roll, ['65001:7', '65001:10200'])}" }`,
  (roll) => `routeTargets: { remove: "${of(roll, [WEB, '65001:7'])}" }`,
  (roll) => `vni: { ${of(roll, ['10101: 10103', '10100: 10101'])} }`,
]

function policy(roll: Roll): string {
  const terms = Array.from({ length: 1 + roll(4) }, (_, i) => {
    const match = roll(4) === 0 ? '' : `, match: { ${of(roll, MATCHES)(roll)} }`
    const set = roll(2) === 0 ? '' : `, set: { ${of(roll, SETS)(roll)} }`
    return `{ name: t${i}${match}${set}, then: ${of(roll, ['accept', 'accept', 'reject', 'next'])} }`
  })
  return `[${terms.join(', ')}]`
}

/** A configuration: policies and where they are attached are of `roll`, all else is always the same. */
function text(roll: Roll): string {
  const names = ['p0', 'p1', 'p2', 'accept']
  const attach = () => `${roll(3) > 0 ? `, import: ${of(roll, names)}` : ''}${roll(3) > 0 ? `, export: ${of(roll, names)}` : ''}`
  return `
policies: { p0: ${policy(roll)}, p1: ${policy(roll)}, p2: ${policy(roll)} }
vns:
  web: { vni: 10100${roll(3) === 0 ? attach() : ''} }
  db: { vni: 10200 }
peers:
  leaf1: { address: ${LEAF_1}${attach()} }
  leaf2: { address: ${LEAF_2}${attach()} }
  leaf3: { address: ${LEAF_3}${attach()} }
  other: { address: ${OTHER_AS}, asn: 65020, role: plain${attach()} }
federation: { domains: { fra: { asn: 65002, peers: [${FRA}], share: { web: {}, db: {} }${attach()} } } }
`
}

class ForecastStage extends PolicyStage {
  readonly heard: ReadonlyMap<string, ScriptedPeer>

  constructor(roll: Roll, seed: number) {
    super(text(roll), seed)
    const join = (address: string, asn?: number) => this.join(address, asn)
    this.heard = new Map([
      ['leaf1', join(LEAF_1)],
      ['leaf2', join(LEAF_2)],
      ['leaf3', join(LEAF_3)],
      ['other', join(OTHER_AS, 65020)],
      ['fra/198.51.100.1', join(FRA, 65002)],
    ])
    for (const [name, peer] of this.heard) {
      for (let n = 0; n < MACS; n++) {
        if (roll(3) === 0) continue
        // Half of the routes have an RD that all share: their paths compete.
        const rd = roll(2) === 0 ? '192.0.2.99:1' : `${peer.settings.address}:1`
        const route = { ...macRoute(peer.settings.address, mac(n), null, name.startsWith('fra') ? 10100 : 10100 + roll(4)), rd }
        const target = name.startsWith('fra') ? '65002:10100' : of(roll, [WEB, WEB, '65001:10200', '65001:7'])
        peer.announce([route], [target], roll(3) === 0 ? { communities: [`65001:${roll(3)}`] } : {})
      }
    }
    this.settle()
  }

  /** What peers have been told, and what of theirs is used: by direction, peer and route, all that there is to it. */
  state(): Map<string, string> {
    const state = new Map<string, string>()
    for (const [name, peer] of this.heard) {
      const routes = new Map(peer.routes().map((route) => [evpn.format(route), route]))
      for (const [route, { mpReach, ...attributes }] of peer.table) {
        state.set(
          `export ${name} ${route}`,
          JSON.stringify([attributes, mpReach && 'nextHop' in mpReach ? mpReach.nextHop : null, routes.get(route)]),
        )
      }
    }
    const { rib } = this.nva.speaker
    const nlri = new Uint8Array(512)
    for (let dest = 0; dest < rib.destinations.capacity; dest++) {
      for (let row = rib.destinations.isLive(dest) ? rib.firstRow(dest) : -1; row >= 0; row = rib.nextRow(row)) {
        const used = rib.rows.used[row]!
        if (used < 0) continue
        const { bytes, nextHopAt, to } = rib.sets.octetsOf(used)
        const view = evpn.read(nlri, 0, rib.writeNlri(row, nlri, 0))
        const name = this.nva.speaker.sources.attachments[rib.peerOf(row)]?.peer.settings.name
        state.set(`import ${name} ${evpn.format(view)}`, `${hex(bytes, nextHopAt, to)} ${JSON.stringify(view)}`)
      }
    }
    return state
  }

  /** All that a forecast could have left a trace in. */
  traces(): unknown {
    const { rib } = this.nva.speaker
    return {
      told: [...this.heard.values()].map(({ updates }) => updates),
      hits: this.policies.map(({ name, terms }) => [name, terms.map(({ hits }) => ({ ...hits }))]),
      sets: rib.sets.table.size,
      references: rib.sets.refs.reduce((sum, refs) => sum + refs, 0),
      rests: rib.rests.size,
      watched: rib.sets.onMade.length,
      used: [...rib.rows.used],
      unsettled: rib.destinations.unsettled,
      settings: this.nva.settings,
    }
  }
}

/** `direction peer outcome route`, of every route that is otherwise in `after`. */
function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const keys = new Set([...before.keys(), ...after.keys()])
  return [...keys].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)]
    if (was === is) return []
    return [`${key}: ${was === undefined ? 'starts' : is === undefined ? 'stops' : 'changes'}`]
  })
}

function told({ routes }: PolicyDiffAnswer): string[] {
  return routes.flatMap(({ direction, outcome, peers, rd, route }) =>
    peers.map((peer) => `${direction} ${peer} ${rd} ${route}: ${outcome}`),
  )
}

function counted({ peers }: PolicyDiffAnswer): string[] {
  return peers.flatMap(({ direction, peer, starts, stops, changes }) => [
    `${direction} ${peer} starts ${starts}`,
    `${direction} ${peer} stops ${stops}`,
    `${direction} ${peer} changes ${changes}`,
  ])
}

describe('random policies', () => {
  test.each(SEEDS)('seed %i: what is told is what a reload does, and telling it leaves no trace', async (seed) => {
    const roll = dice(seed)
    const stage = new ForecastStage(roll, seed)
    for (let round = 0; round < 3; round++) {
      const candidate = text(roll)
      const [before, traces] = [stage.state(), stage.traces()]
      const answer = await stage.diff(candidate, 10_000)
      expect(answer).toMatchObject({ asked: true, problems: [], beside: [], more: false })
      expect(stage.traces()).toEqual(traces)
      expect(differences(before, stage.state())).toEqual([])
      stage.reload(candidate, 2000)
      const real = differences(before, stage.state())
      expect(told(answer).sort()).toEqual(real.sort())
      const counts = new Map<string, number>()
      for (const line of real) {
        const [direction, peer] = line.split(' ')
        const key = `${direction} ${peer} ${line.split(': ').at(-1)}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      expect(
        counted(answer)
          .filter((line) => !line.endsWith(' 0'))
          .sort(),
      ).toEqual([...counts].map(([key, count]) => `${key} ${count}`).sort())
    }
  })
})

describe('a peer that goes', () => {
  test.each(SEEDS.slice(0, 6))(
    'seed %i: what is told of its routes, and of those that take their place, is what a reload does',
    async (seed) => {
      const roll = dice(seed)
      const stage = new ForecastStage(roll, seed)
      const candidate = text(roll).replace(/ {2}leaf3: .*\n/, '')
      const [before, traces] = [stage.state(), stage.traces()]
      const answer = await stage.diff(candidate, 10_000)
      expect(answer).toMatchObject({
        asked: true,
        problems: [],
        more: false,
        beside: [expect.stringContaining('leaf3 would be no peer any more')],
      })
      expect(stage.traces()).toEqual(traces)
      stage.reload(candidate, 2000)
      const real = differences(before, stage.state())
      expect(told(answer).sort()).toEqual(real.filter((line) => !line.startsWith('export leaf3 ')).sort())
      expect(real.some((line) => line.startsWith('import leaf3 ') && line.endsWith('stops'))).toBe(true)
    },
  )
})
