/** A domain that is told no more than its limit by one that has more: the rest is counted and listed, nobody else touched, and all is told by itself when there is room. */
import type { LimitView } from '../../src/api/schema/federation.ts'
import { evpnTable, mobilitySequence, printTable } from '../lab/evpn-table.ts'
import type { Lab } from '../lab/lab.ts'
import { script } from '../lab/namespaces.ts'
import {
  asnOf,
  CALM_VNI,
  CHAIN,
  LISTENER,
  LISTENER_OF_Y,
  nvaAddressOf,
  REGION_NVES,
  REGION_TENANTS,
  type Region,
  regionOf,
  SCRIPTED,
  WEB_VNI,
  wanOf,
} from '../lab/region.ts'
import { announcedTo, type Sayer, say, takeBack } from '../lab/scripted-macs.ts'
import { establishedPeer } from '../lab/scripted-peer.ts'
import { shownDomain } from '../lab/shown-domain.ts'
import { pingContinuously, pings } from '../lab/tenants.ts'
import { expect, throughout, Unmet, until, untilTrue } from '../lab/until.ts'
import type { Check } from './check.ts'
import { hasSettled } from './region.ts'

/** The FRR that has too many MACs, its neighbour in x, and one in y, which is told of them through both NVAs. */
const [SOURCE, BESIDE, FAR] = ['x1', 'x2', 'y1'] as const
const ROUTES = 40
const MACS = 100
const LEFT = 20
const CALM_MACS = 30
const RATE = { changesPerSecond: 50, burst: 50 } as const
const WAITS = 'waits: more routes or changes than the limits allow'
/** An NVE of x whose routes change all the time. */
const RESTLESS: Sayer = { address: LISTENER, asn: asnOf('x'), internal: true }

const octet = (value: number): string => value.toString(16).padStart(2, '0')
const macOf = (vni: number, index: number): string => `02:00:0a:${octet(vni)}:00:${octet(index)}`

const SOURCE_VTEP = REGION_NVES.find(({ name }) => name === SOURCE)?.vtep ?? ''

/** Tenants that an NVE has learned on a port of its bridge of a VN, or that have left. */
const learn = (vni: number, port: string, from: number, to: number, how: 'add' | 'del'): Promise<string> =>
  script(
    SOURCE,
    Array.from(
      { length: to - from },
      (_, i) => `bridge fdb ${how} ${macOf(vni, from + i)} dev ${port} master${how === 'add' ? ' dynamic' : ''}`,
    ).join('\n'),
  )

/** A port in VN calm, where the source has no tenant. */
const addCalmPort = (): Promise<string> =>
  script(
    SOURCE,
    `[ -e /sys/class/net/calm ] && exit
ip link add calm type veth peer name calm-end
ip link set calm master br${CALM_VNI} up
ip link set calm-end up`,
  )

/** The MACs made up here that an NVE has in a VN from the source. */
async function macsAt(region: Region, nve: string, vni: number): Promise<string[]> {
  const table = await evpnTable(region.frr(nve))
  return table.flatMap(({ mac, ip, nextHop }) =>
    nextHop === SOURCE_VTEP && ip === null && mac?.startsWith(`02:00:0a:${octet(vni)}:`) === true ? [mac] : [],
  )
}

const untilMacs = (region: Region, nve: string, vni: number, count: number): Promise<string[]> =>
  until(`${nve} has ${count} of the MACs in VNI ${vni}`, 30, async () => {
    const macs = await macsAt(region, nve, vni)
    if (macs.length !== count) throw new Unmet(`it has ${macs.length}`, printTable((await evpnTable(region.frr(nve))).slice(0, 20)))
    return macs
  })

/** A region in which y hears of x from x alone: with a third domain between them, what x does not tell would come by way of that one. */
async function chained(lab: Lab): Promise<Region> {
  const region = await regionOf(lab)
  await region.join(CHAIN)
  await hasSettled(region, CHAIN)
  return region
}

const untilLimit = (region: Region, what: string, holds: (limit: LimitView) => boolean): Promise<LimitView> =>
  until(`the limit on what y is told of VN web: ${what}`, 30, async () => {
    const limit = (await shownDomain(region, 'x', 'y')).limits.find(({ on, way }) => on === 'VN web' && way === 'out')
    if (limit === undefined || !holds(limit)) throw new Unmet('it stands at', JSON.stringify(limit))
    return limit
  })

/** MACs that x lists as not told to y, with the reason. */
async function listedAsWaiting(region: Region): Promise<string[]> {
  const peer = `y/${wanOf('y', 'x')}`
  const { routes } = await region.ask<{ routes: readonly { mac: string | null; effective: boolean; heldBack: string | null }[] }>(
    'x',
    ...['policy', 'explain', '--peer', peer, '--direction', 'export', '--held-back', '--type', 'macip', '--limit', '10000'],
  )
  return routes.flatMap(({ mac, effective, heldBack }) => (!effective && heldBack === WAITS && mac !== null ? [mac] : []))
}

/** Runs `what` while nobody may feel it: neither pings inside x nor those between x and y, whose routes are told already, are lost, and no session ends. */
async function unfelt(region: Region, what: () => Promise<void>): Promise<void> {
  const [from, beside] = REGION_TENANTS
  const far = REGION_TENANTS.find(({ nve }) => nve === FAR)
  expect(from !== undefined && beside !== undefined && far !== undefined, 'tenants in x and y')
  for (const to of [beside, far]) await untilTrue(`${from.name} pings ${to.name}`, 30, () => pings(from.name, to.address))
  const since = performance.now()
  const running = [beside, far].map((to) => [to.name, pingContinuously(from.name, to.address)] as const)
  try {
    await what()
  } finally {
    for (const [to, ping] of running) {
      const { answered, lost } = await ping.finish()
      expect(lost.length === 0 && answered > 0, `the ping from ${from.name} to ${to} lost ${lost.length} of ${answered + lost.length}`)
    }
  }
  const { peers } = await shownDomain(region, 'x', 'y')
  const seconds = Math.floor((performance.now() - since) / 1000)
  expect(
    peers.every(({ state, stateSeconds }) => state === 'Established' && stateSeconds >= seconds - 1),
    'a session with y has ended',
    JSON.stringify(peers),
  )
}

export const toldLimits: readonly Check[] = [
  {
    name: 'limits: a domain is told its limit by one that has more, the rest is counted and listed, and told when there is room',
    only: 'fednva',
    async run(lab: Lab) {
      const region = await chained(lab)
      await region.limitTold(`routes: ${ROUTES}`)
      const port = REGION_TENANTS.find(({ nve }) => nve === SOURCE)?.name ?? ''
      await addCalmPort()
      await unfelt(region, async () => {
        await learn(WEB_VNI, port, 0, MACS, 'add')
        await untilMacs(region, BESIDE, WEB_VNI, MACS)
        const full = await untilLimit(region, 'full', ({ state, used, waiting }) => state === 'holding' && used === ROUTES && waiting > 0)
        const told = await untilMacs(region, FAR, WEB_VNI, MACS - full.waiting)
        const { vns } = await shownDomain(region, 'x', 'y')
        const web = vns.find(({ vn }) => vn === 'web')
        expect(web?.routesOut === ROUTES && web.heldBack[WAITS] === full.waiting, 'the VN does not count them', JSON.stringify(web))
        const waiting = await listedAsWaiting(region)
        expect(
          [...told, ...waiting].sort().join() === (await macsAt(region, BESIDE, WEB_VNI)).sort().join(),
          'told and listed are not all',
          () => JSON.stringify({ told, waiting }),
        )
        // The VN beside it is told while the one is full.
        await learn(CALM_VNI, 'calm', 0, CALM_MACS, 'add')
        await untilMacs(region, FAR, CALM_VNI, CALM_MACS)
        await throughout('y is told no more', 1.5, async () => (await macsAt(region, FAR, WEB_VNI)).length === told.length)
        await learn(WEB_VNI, port, LEFT, MACS, 'del')
        await untilMacs(region, FAR, WEB_VNI, LEFT)
        await untilLimit(region, 'well again', ({ state, used, waiting }) => state === 'well' && used < ROUTES && waiting === 0)
        // Without the limit nothing is kept back.
        await learn(WEB_VNI, port, LEFT, MACS, 'add')
        await untilLimit(region, 'full again', ({ used, waiting }) => used === ROUTES && waiting > 0)
        await region.limitTold('')
        await untilMacs(region, FAR, WEB_VNI, MACS)
      })
      await learn(WEB_VNI, port, 0, MACS, 'del')
      await learn(CALM_VNI, 'calm', 0, CALM_MACS, 'del')
      await untilMacs(region, FAR, WEB_VNI, 0)
    },
  },
  {
    name: 'limits: a domain is told as many changes a second as it may be of ten times as many, and the last word when it is quiet',
    only: 'fednva',
    async run(lab: Lab) {
      const region = await chained(lab)
      await region.limitTold(`changesPerSecond: ${RATE.changesPerSecond}, burst: ${RATE.burst}`)
      const restless = await establishedPeer(LISTENER, { remote: nvaAddressOf('x'), asn: asnOf('x') }, SCRIPTED.namespace)
      const listener = await establishedPeer(LISTENER_OF_Y, { remote: nvaAddressOf('y'), asn: asnOf('y') }, SCRIPTED.namespace)
      const heard = () => announcedTo(listener, RESTLESS, WEB_VNI)
      say(restless, RESTLESS, WEB_VNI, 0, LEFT)
      await untilTrue('the listener in y has the routes', 20, () => heard() >= LEFT)
      const rounds = 150
      await unfelt(region, async () => {
        const [since, before] = [performance.now(), heard()]
        const { excess } = await untilLimit(region, 'well', ({ state }) => state === 'well')
        for (let round = 1; round <= rounds; round++) {
          say(restless, RESTLESS, WEB_VNI, 0, LEFT, round)
          await new Promise((resolve) => setTimeout(resolve, (1000 * LEFT) / (10 * RATE.changesPerSecond)))
        }
        const well = await untilLimit(region, 'well again', ({ state, waiting }) => state === 'well' && waiting === 0)
        await until('the last word is what the FRR in y has', 20, async () => {
          const table = (await evpnTable(region.frr(FAR))).filter(({ nextHop }) => nextHop === RESTLESS.address)
          if (table.filter((path) => mobilitySequence(path) === rounds).length !== LEFT) throw new Unmet('FRR has', printTable(table))
          return true
        })
        const most = RATE.burst + RATE.changesPerSecond * ((performance.now() - since) / 1000)
        const told = heard() - before
        expect(told > 0 && told <= most, `y was told ${told} changes, and the limit allows ${most.toFixed(0)}`)
        expect(well.excess > excess, 'nothing was too much')
      })
      takeBack(restless, RESTLESS, WEB_VNI, 0, LEFT)
      await region.limitTold('')
      await Promise.all([restless.stop(), listener.stop()])
    },
  },
]
