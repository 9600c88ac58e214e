/** A domain that sends ten times its limit: held at the limit, the rest counted and listed, nobody else touched, and all well again by itself. */
import type { LimitView } from '../../src/api/schema/federation.ts'
import { evpnTable, mobilitySequence, printTable } from '../lab/evpn-table.ts'
import type { Lab } from '../lab/lab.ts'
import { asnOf, CALM_VNI, LISTENER, REGION_TENANTS, type Region, regionOf, SCRIPTED, WEB_LIMIT, WEB_VNI } from '../lab/region.ts'
import { announcedTo, type Sayer, say, takeBack } from '../lab/scripted-macs.ts'
import { establishedPeer, type ScriptedPeer } from '../lab/scripted-peer.ts'
import { shownDomain } from '../lab/shown-domain.ts'
import { pingContinuously, pings } from '../lab/tenants.ts'
import { expect, throughout, Unmet, until, untilTrue } from '../lab/until.ts'
import type { Check } from './check.ts'

const NVA = '10.9.1.100'
const CALM_ROUTES = 10
const SENT = 10 * WEB_LIMIT.routes
const LEFT = 20
const W: Sayer = { address: SCRIPTED.address, asn: SCRIPTED.asn, internal: false }
async function limitOf(region: Region): Promise<LimitView> {
  const { limits } = await shownDomain(region, 'x', SCRIPTED.name)
  const found = limits.find(({ on }) => on === 'VN web')
  expect(found !== undefined, 'no limit on VN web is shown', JSON.stringify(limits))
  return found
}

const untilLimit = (region: Region, what: string, holds: (limit: LimitView) => boolean): Promise<LimitView> =>
  until(`the limit on VN web: ${what}`, 30, async () => {
    const limit = await limitOf(region)
    if (!holds(limit)) throw new Unmet('it stands at', JSON.stringify(limit))
    return limit
  })

/** MACs of the scripted domain that an NVE has in a VN. */
async function macsAt(region: Region, nve: string, vni: number): Promise<string[]> {
  const table = await evpnTable(region.frr(nve))
  return table.filter((path) => path.nextHop === SCRIPTED.address && path.communities.includes(`:${vni} `)).map(({ mac }) => mac ?? '')
}

const untilMacs = (region: Region, nve: string, vni: number, count: number): Promise<string[]> =>
  until(`${nve} has ${count} MACs of ${SCRIPTED.name} in VNI ${vni}`, 20, async () => {
    const macs = await macsAt(region, nve, vni)
    if (macs.length !== count) throw new Unmet(`it has ${macs.length}`, printTable((await evpnTable(region.frr(nve))).slice(0, 20)))
    return macs
  })

/** Runs `what` while nobody else may feel it: no ping inside x is lost, the VN beside has its routes all the time, the session stands. */
async function unfelt(region: Region, peer: ScriptedPeer, what: () => Promise<void>): Promise<void> {
  const [from, to] = REGION_TENANTS
  expect(from !== undefined && to !== undefined, 'two tenants in x')
  // The region may have been built a moment ago.
  await untilTrue(`${from.name} pings ${to.name}`, 30, () => pings(from.name, to.address))
  const ping = pingContinuously(from.name, to.address)
  let over = false
  const beside = (async () => {
    while (!over) {
      await throughout('the VN beside is untouched', 0.5, async () => (await macsAt(region, 'x1', CALM_VNI)).length === CALM_ROUTES)
    }
  })()
  try {
    await what()
  } finally {
    over = true
    await beside
    const { answered, lost } = await ping.finish()
    expect(lost.length === 0 && answered > 0, `the ping inside x lost ${lost.length} of ${answered + lost.length}`)
  }
  expect(peer.established(), 'the session of the domain that sends too much has ended')
}

let playing: Promise<ScriptedPeer> | undefined

/** The scripted domain with its quiet VN known in x. */
async function played(region: Region): Promise<ScriptedPeer> {
  playing ??= establishedPeer(SCRIPTED.address, { remote: NVA, asn: SCRIPTED.asn }, SCRIPTED.namespace)
  const peer = await playing
  say(peer, W, CALM_VNI, 0, CALM_ROUTES)
  await untilMacs(region, 'x1', CALM_VNI, CALM_ROUTES)
  return peer
}

export const limits: readonly Check[] = [
  {
    name: 'limits: a domain with ten times its routes is held at the limit, the rest is counted and listed, and comes in when there is room',
    only: 'fednva',
    async run(lab: Lab) {
      const region = await regionOf(lab)
      const peer = await played(region)
      await unfelt(region, peer, async () => {
        say(peer, W, WEB_VNI, 0, SENT)
        await untilLimit(region, 'full', (limit) => limit.used === WEB_LIMIT.routes && limit.waiting === SENT - WEB_LIMIT.routes)
        const inUse = await untilMacs(region, 'x1', WEB_VNI, WEB_LIMIT.routes)
        const listed = await region.show<{ routes: readonly { refused: string | null; mac: string | null }[] }>(
          'x',
          'routes',
          '--vn',
          'web',
          '--peer',
          `${SCRIPTED.name}/${SCRIPTED.address}`,
        )
        const waiting = listed.routes.filter(({ refused }) => refused?.startsWith('waits: more') === true)
        expect(waiting.length === SENT - WEB_LIMIT.routes, `${waiting.length} routes are listed as waiting`)
        expect(
          waiting.every(({ mac }) => mac !== null && !inUse.includes(mac)),
          'a route that waits is in the table of FRR',
        )
        takeBack(peer, W, WEB_VNI, LEFT, SENT)
        await untilLimit(region, 'well again', ({ state, used, waiting }) => state === 'well' && used === LEFT && waiting === 0)
        await untilMacs(region, 'x1', WEB_VNI, LEFT)
      })
    },
  },
  {
    name: 'limits: a domain with ten times its changes a second is held at the limit, and its last word is in force when it is quiet',
    only: 'fednva',
    async run(lab: Lab) {
      const region = await regionOf(lab)
      const peer = await played(region)
      takeBack(peer, W, WEB_VNI, 0, SENT)
      say(peer, W, WEB_VNI, 0, LEFT)
      await untilMacs(region, 'x1', WEB_VNI, LEFT)
      await untilLimit(region, 'well', ({ state }) => state === 'well')
      const rounds = 150
      await unfelt(region, peer, async () => {
        const [before, since] = [await limitOf(region), performance.now()]
        const listener = await establishedPeer(LISTENER, { remote: NVA, asn: asnOf('x') }, SCRIPTED.namespace)
        await until('the listener has the routes', 10, () => (announcedTo(listener, W, WEB_VNI) >= LEFT ? true : undefined))
        const announcedBefore = announcedTo(listener, W, WEB_VNI)
        for (let round = 1; round <= rounds; round++) {
          say(peer, W, WEB_VNI, 0, LEFT, round)
          await new Promise((resolve) => setTimeout(resolve, (1000 * LEFT) / (10 * WEB_LIMIT.changesPerSecond)))
        }
        const seconds = (performance.now() - since) / 1000
        const after = await limitOf(region)
        const excess = after.excess - before.excess
        expect(excess > 0.5 * rounds * LEFT, `only ${excess} of ${rounds * LEFT} changes in ${seconds.toFixed(1)} s were too much`)
        await untilLimit(region, 'well again', ({ state, used, waiting }) => state === 'well' && used === LEFT && waiting === 0)
        await until('the last word is what FRR has', 20, async () => {
          const table = (await evpnTable(region.frr('x1'))).filter(
            (path) => path.nextHop === SCRIPTED.address && path.communities.includes(`:${WEB_VNI} `),
          )
          const last = table.filter((path) => mobilitySequence(path) === rounds)
          if (last.length !== LEFT) throw new Unmet('FRR has', printTable(table))
          return true
        })
        const most = WEB_LIMIT.burst + WEB_LIMIT.changesPerSecond * ((performance.now() - since) / 1000)
        const told = announcedTo(listener, W, WEB_VNI) - announcedBefore
        await listener.stop()
        expect(told > 0 && told <= most, `an NVE was told ${told} changes, and the limit allows ${most.toFixed(0)}`)
      })
    },
  },
]
