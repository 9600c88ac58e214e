/** Two local NVEs: one attaches a MAC, the other hears of it, and in the next turn the MAC moves there. */
import { setTimeout as pause } from 'node:timers/promises'
import { Session } from '../load/session.ts'
import { attached, isAttached, LOCAL_AS } from './routes.ts'

/** Time from one probe to the next, ms: drawn, so that it keeps no step with anything. */
const LEAST_MS = 1
const MOST_MS = 4
const MACS = 16
const LOST_MS = 5000

export class Propagation {
  /** Why a session ended. */
  readonly trouble: string[] = []
  private readonly nves: readonly Session[]
  private sequence = 0
  /** The NVE and MAC that is waited for. */
  private wanted: { readonly nve: number; readonly mac: number; readonly seen: () => void } | null = null

  constructor(to: { readonly address: string; readonly port: number }) {
    this.nves = [1, 2].map(
      (nve) =>
        new Session(
          { address: `127.98.0.${nve}`, asn: LOCAL_AS, holdTimeSeconds: 90, to },
          {
            route: (bytes, from) => {
              const { wanted } = this
              if (wanted === null || wanted.nve === nve || !isAttached(wanted.nve, wanted.mac, bytes, from)) return
              this.wanted = null
              wanted.seen()
            },
            down: ({ settings }, why) => this.trouble.push(`the session of ${settings.address} ended: ${why}`),
          },
        ),
    )
  }

  get allUp(): boolean {
    return this.nves.every(({ up }) => up)
  }

  /** NLRI that the NVEs were told, and told to forget. */
  get told(): number {
    return this.nves.reduce((sum, { announced, withdrawn }) => sum + announced + withdrawn, 0)
  }

  /** From saying to hearing, in ms, in the order of the probes; a text when one was not heard. */
  async measure(probes: number): Promise<number[] | string> {
    const times: number[] = []
    while (times.length < probes) {
      await pause(LEAST_MS + Math.random() * (MOST_MS - LEAST_MS))
      const took = await this.probe()
      if (took === null) return [`a MAC attached was not heard of within ${LOST_MS} ms`, ...this.trouble].join('; ')
      times.push(took)
    }
    return times
  }

  close(): void {
    for (const nve of this.nves) nve.close()
  }

  private async probe(): Promise<number | null> {
    const sequence = this.sequence++
    const nve = 1 + (sequence % 2)
    const mac = (sequence >>> 1) % MACS
    return await new Promise((resolve) => {
      const late = setTimeout(() => resolve(null), LOST_MS)
      const start = performance.now()
      this.wanted = {
        nve,
        mac,
        seen: () => {
          const took = performance.now() - start
          clearTimeout(late)
          resolve(took)
        },
      }
      this.nves[nve - 1]?.say(attached(nve, mac, sequence))
    })
  }
}
