import { readFileSync } from 'node:fs'
import { evpnTable, hasRouteTarget, printTable } from '../lab/evpn-table.ts'
import type { Lab } from '../lab/lab.ts'
import { DOMAINS, NVES, TENANTS, VNS } from '../lab/plan.ts'
import { addressOf, pings } from '../lab/tenants.ts'
import { expect, throughout, untilTrue } from '../lab/until.ts'
import type { Check } from './check.ts'
import { untilLearned } from './reflection.ts'

export const untilPings = (from: string, to: string, seconds = 20): Promise<void> =>
  untilTrue(`${from} pings ${to}`, seconds, () => pings(from, addressOf(to)))

const PRIVATE = VNS.find((vn) => vn.name === 'private')!
const domainOf = (nve: string) => NVES.find((candidate) => candidate.name === nve)!.domain

interface VniView {
  readonly remoteVteps?: readonly string[]
}

/** Other domain's VTEPs to which an NVE floods a VNI. */
async function foreignVteps(lab: Lab, nve: string, vni: number): Promise<string[]> {
  const shown = await lab.nve(nve).json<Record<string, VniView>>('show evpn vni')
  const foreign = NVES.filter((candidate) => candidate.domain !== domainOf(nve)).map((candidate) => candidate.vtep)
  return (shown[vni]?.remoteVteps ?? []).filter((vtep) => foreign.includes(vtep))
}

async function foreignPrivateRoutes(lab: Lab, nve: string) {
  const other = domainOf(nve) === 'a' ? DOMAINS.b : DOMAINS.a
  const table = await evpnTable(lab.nve(nve))
  const macs = TENANTS.filter((tenant) => tenant.vni === PRIVATE.vni && domainOf(tenant.nve) === other.name).map((tenant) => tenant.mac)
  return table.filter((path) => hasRouteTarget(path, `${other.asn}:${PRIVATE.vni}`) || (path.mac !== null && macs.includes(path.mac)))
}

/** Route targets of the private VN as octets of an extended community (RFC 4360 §4). */
const privateTargets = Object.values(DOMAINS).map(({ asn }) => Buffer.from([0, 2, asn >> 8, asn & 0xff, 0, 0, 0, PRIVATE.vni]))

/** Makes every private tenant known in its own domain, then every shared one in the other: what was to cross has crossed. */
async function everythingKnown(lab: Lab): Promise<void> {
  for (const [name, at] of [
    ['pa1', 'a2'],
    ['pa2', 'a1'],
    ['pb1', 'b2'],
    ['pb2', 'b1'],
    ['ta1', 'b1'],
    ['ta2', 'b2'],
    ['tb1', 'a1'],
    ['tb2', 'a2'],
  ] as const) {
    await untilLearned(lab, TENANTS.find((tenant) => tenant.name === name)!, at)
  }
}

const CROSSINGS = [
  ['pa1', 'pb1'],
  ['pb2', 'pa2'],
] as const

export const traffic: readonly Check[] = [
  {
    name: 'traffic: ping inside each domain, both VNs',
    async run() {
      await untilPings('ta1', 'ta2')
      await untilPings('tb1', 'tb2')
      await untilPings('pa1', 'pa2')
      await untilPings('pb1', 'pb2')
    },
  },
  {
    name: 'traffic: ping across the domains in the shared VN',
    async run() {
      await untilPings('ta1', 'tb1')
      await untilPings('tb2', 'ta2')
    },
  },
  {
    name: 'isolation: no route of the private VN on the other side, though VNI and route target number are equal',
    only: 'fednva',
    async run(lab) {
      await everythingKnown(lab)
      for (const nve of NVES) {
        const leaked = await foreignPrivateRoutes(lab, nve.name)
        expect(leaked.length === 0, `${nve.name} has routes of the other domain's private VN`, () => printTable(leaked))
        const vteps = await foreignVteps(lab, nve.name, PRIVATE.vni)
        expect(vteps.length === 0, `${nve.name} floods VNI ${PRIVATE.vni} into the other domain`, vteps.join(' '))
      }
    },
  },
  {
    name: 'isolation: no ping across in the private VN',
    only: 'fednva',
    async run() {
      for (const [from, to] of CROSSINGS) {
        await throughout(`${from} does not reach ${to}`, 2, async () => !(await pings(from, addressOf(to))))
      }
      await untilPings('pa1', 'pa2')
      await untilPings('ta1', 'tb1')
    },
  },
  {
    name: 'isolation: the private route targets never went over the wire between the NVAs',
    only: 'fednva',
    async run(lab) {
      await everythingKnown(lab)
      const packets = readFileSync(lab.wanCapture.file)
      expect(packets.length > 1000, 'nothing was captured between the NVAs', `${packets.length} octets`)
      for (const target of privateTargets) {
        const at = packets.indexOf(target)
        expect(at < 0, 'a route target of the private VN crossed', () => packets.subarray(Math.max(0, at - 64), at + 32).toString('hex'))
      }
    },
  },
  {
    name: 'isolation (control): with a plain reflector the private VN does cross, so that the checks above can fail',
    only: 'frr',
    async run(lab) {
      await everythingKnown(lab)
      for (const [from, to] of CROSSINGS) await untilPings(from, to)
      expect((await foreignPrivateRoutes(lab, 'b1')).length > 0, 'b1 has no private route of domain A')
      expect((await foreignVteps(lab, 'b1', PRIVATE.vni)).length > 0, 'b1 floods to nobody in domain A')
      const packets = readFileSync(lab.wanCapture.file)
      expect(
        privateTargets.some((target) => packets.includes(target)),
        'no private route target was captured',
      )
    },
  },
]
