import { evpnTable } from '../lab/evpn-table.ts'
import { DOMAINS, NVES } from '../lab/plan.ts'
import { addressOf, pingContinuously, pings } from '../lab/tenants.ts'
import { expect, untilTrue } from '../lab/until.ts'
import type { Check } from './check.ts'
import { untilAllEstablished } from './sessions.ts'
import { untilPings } from './traffic.ts'

export const nvaLoss: readonly Check[] = [
  {
    name: "loss: kill -9 of domain B's NVA leaves domain A's ping untouched, its return restores the crossing",
    async run(lab) {
      await untilPings('ta1', 'ta2')
      await untilPings('ta1', 'tb1')
      const inA = pingContinuously('ta1', addressOf('ta2'))
      await lab.nvas.b.kill()
      const inB = NVES.filter((nve) => nve.domain === 'b')
      for (const nve of inB) {
        await untilTrue(`${nve.name} noticed`, 20, async () => (await lab.nve(nve.name).neighbor()).bgpState !== 'Established')
        await untilTrue(`${nve.name} dropped what it had learned`, 20, async () =>
          (await evpnTable(lab.nve(nve.name))).every((path) => path.from === null),
        )
      }
      await untilTrue('the crossing is gone', 20, async () => !(await pings('tb1', addressOf('ta1'))))
      await untilPings('ta1', 'ta2')
      await lab.nvas.b.start()
      await untilAllEstablished(lab)
      await untilPings('ta1', 'tb1', 40)
      await untilPings('tb2', 'ta2', 40)
      const { answered, lost } = await inA.finish()
      expect(answered > 20, 'too few pings to say anything', `${answered}`)
      expect(
        lost.length === 0,
        `the ping inside domain ${DOMAINS.a.name} lost ${lost.length} of ${answered + lost.length}`,
        lost.slice(0, 20).join(' '),
      )
    },
  },
]
