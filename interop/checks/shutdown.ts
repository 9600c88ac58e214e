import { NVES, PROBES } from '../lab/plan.ts'
import { establishedPeer } from '../lab/scripted-peer.ts'
import { expect, Unmet, untilTrue } from '../lab/until.ts'
import type { Check } from './check.ts'
import { untilAllEstablished } from './sessions.ts'
import { untilPings } from './traffic.ts'

const CEASE = 6
const ADMINISTRATIVE_SHUTDOWN = 2

export const shutdown: readonly Check[] = [
  {
    name: 'shutdown: SIGTERM ends every session with Cease, administrative shutdown (6/2), and exit code 0; a new start restores all',
    only: 'fednva',
    async run(lab) {
      await untilAllEstablished(lab)
      const peer = await establishedPeer(PROBES.receiver)
      try {
        const code = await lab.nvas.a.terminate()
        const notification = await peer.untilNotified()
        expect(
          notification.code === CEASE && notification.subcode === ADMINISTRATIVE_SHUTDOWN,
          'not 6/2',
          `${notification.code}/${notification.subcode}`,
        )
        for (const nve of NVES.filter((candidate) => candidate.domain === 'a')) {
          await untilTrue(`${nve.name} was told 6/2`, 10, async () => {
            const last = (await lab.nve(nve.name).neighbor()).lastErrorCodeSubcode
            if (last !== '0602') throw new Unmet(`lastErrorCodeSubcode ${last}`)
            return true
          })
        }
        expect(code === 0, `exit code ${code}`, () => lab.nvas.a.output().slice(-1500))
      } finally {
        await peer.stop()
        await lab.nvas.a.start()
      }
      await untilAllEstablished(lab)
      await untilPings('ta1', 'ta2', 40)
      await untilPings('ta1', 'tb1', 40)
    },
  },
]
