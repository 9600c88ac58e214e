import { evpnTable, mobilitySequence, printTable } from '../lab/evpn-table.ts'
import type { Lab } from '../lab/lab.ts'
import { script } from '../lab/namespaces.ts'
import { MOVER, NVES, type TenantPlan } from '../lab/plan.ts'
import { addTenant, announce, pings } from '../lab/tenants.ts'
import { expect, Unmet, until, untilTrue } from '../lab/until.ts'
import type { Check } from './check.ts'

/**
 * The mover stands behind three NVEs with the same MAC; only where it lives it has its address and speaks. The port it left stays up and its
 * old bridge still holds the MAC: only then does FRR raise the sequence instead of withdrawing first.
 */
const places: readonly TenantPlan[] = MOVER.places.map((nve) => ({ name: `mover-${nve}`, nve, ...MOVER }))

const at = (nve: string): TenantPlan => places.find((place) => place.nve === nve)!
const vtepOf = (nve: string): string => NVES.find((candidate) => candidate.name === nve)!.vtep
let placed = false

async function place(lab: Lab): Promise<void> {
  if (placed) return
  placed = true
  for (const tenant of places) await addTenant(tenant, false)
  await script(at('a1').name, `ip addr add ${MOVER.address}/24 dev eth0`)
  await followed(lab, 'a1', 0)
}

async function move(from: string, to: string): Promise<void> {
  await script(at(from).name, 'ip addr flush dev eth0')
  await script(at(to).name, `ip addr add ${MOVER.address}/24 dev eth0`)
}

/** Waits until every NVE has the mover's MAC and MAC/IP routes behind `nve`; gives the sequence seen everywhere. */
async function followed(lab: Lab, nve: string, sequence: number): Promise<void> {
  await announce(at(nve))
  for (const viewer of NVES) {
    await until(`${viewer.name} has the moved MAC behind ${nve} with sequence ${sequence}`, 20, async () => {
      const paths = (await evpnTable(lab.nve(viewer.name))).filter((path) => path.mac === MOVER.mac)
      const right = paths.filter((path) => path.best && path.nextHop === vtepOf(nve) && mobilitySequence(path) === sequence)
      if (right.some((path) => path.ip === null) && right.some((path) => path.ip === MOVER.address)) {
        const stale = paths.filter((path) => path.nextHop !== vtepOf(nve))
        if (stale.length === 0) return true
      }
      await announce(at(nve))
      throw new Unmet(`routes of the MAC on ${viewer.name}:`, printTable(paths))
    })
    if (viewer.name === nve) continue
    await untilTrue(`${viewer.name} forwards the moved MAC to ${nve}`, 10, async () => {
      const shown = await lab
        .nve(viewer.name)
        .json<{ remoteVteps?: unknown; macs?: Record<string, { remoteVtep?: string }> }>(`show evpn mac vni ${MOVER.vni}`)
      return shown.macs?.[MOVER.mac]?.remoteVtep === vtepOf(nve)
    })
  }
  for (const from of ['ta1', 'ta2', 'tb1', 'tb2']) await untilTrue(`${from} pings the moved tenant`, 15, () => pings(from, MOVER.address))
}

export const mobility: readonly Check[] = [
  {
    name: 'mobility: a MAC moves from a1 to a2 and is followed everywhere, sequence 1',
    async run(lab) {
      await place(lab)
      await move('a1', 'a2')
      await followed(lab, 'a2', 1)
    },
  },
  {
    name: 'mobility: it moves on to domain B and is followed everywhere, sequence 2',
    async run(lab) {
      expect(placed, 'the move before did not happen')
      await move('a2', 'b1')
      await followed(lab, 'b1', 2)
    },
  },
  {
    name: 'mobility: it comes home to a1, sequence 3',
    async run(lab) {
      expect(placed, 'the moves before did not happen')
      await move('b1', 'a1')
      await followed(lab, 'a1', 3)
    },
  },
]
