import type { Lab } from '../lab/lab.ts'
import { BGP_PORT, NVES, type NvePlan } from '../lab/plan.ts'
import { expect, Unmet, until } from '../lab/until.ts'
import type { Check } from './check.ts'

async function established(lab: Lab, nve: NvePlan, seconds = 40) {
  return until(`session of ${nve.name} is Established`, seconds, async () => {
    const neighbor = await lab.nve(nve.name).neighbor()
    if (neighbor.bgpState !== 'Established') throw new Unmet(`bgpState ${neighbor.bgpState}`, JSON.stringify(neighbor).slice(0, 800))
    return neighbor
  })
}

/** Waits until every NVE has its session; for the checks that disturbed them. */
export async function untilAllEstablished(lab: Lab): Promise<void> {
  for (const nve of NVES) await established(lab, nve)
}

const by = (way: NvePlan['way']): NvePlan => NVES.find((nve) => nve.way === way)!

export const sessions: readonly Check[] = [
  {
    name: 'session: the NVA dials, the NVE listens (IPv4)',
    async run(lab) {
      const { portLocal, portForeign } = await established(lab, by('nva-dials'))
      expect(portLocal === BGP_PORT && portForeign !== BGP_PORT, 'the NVE did not take a connection', `ports ${portLocal} < ${portForeign}`)
    },
  },
  {
    name: 'session: the NVE dials, the NVA listens (IPv4)',
    async run(lab) {
      const { portLocal, portForeign } = await established(lab, by('nve-dials'))
      expect(portForeign === BGP_PORT && portLocal !== BGP_PORT, 'the NVE did not dial', `ports ${portLocal} > ${portForeign}`)
    },
  },
  {
    name: 'session: over IPv6, both sides may dial',
    async run(lab) {
      const nve = by('ipv6')
      const neighbor = await established(lab, nve)
      expect(neighbor.hostLocal === nve.v6, 'not over IPv6', JSON.stringify(neighbor.hostLocal))
    },
  },
  {
    name: 'session: the NVE dials from a listen range',
    async run(lab) {
      await established(lab, by('listen-range'))
    },
  },
]
