import { fileURLToPath } from 'node:url'
import { MESSAGE, type Notification, readNotification, readUpdate, routeKey, type SeenRoute, type SeenUpdate } from '../peer/octets.ts'
import type { Order, PeerSettings, Sight } from '../peer/orders.ts'
import { start, stop } from './command.ts'
import { inside } from './namespaces.ts'
import { BGP_PORT, DOMAINS } from './plan.ts'
import { Unmet, until, untilTrue } from './until.ts'

const PROGRAM = fileURLToPath(new URL('../peer/main.ts', import.meta.url))
const PROBES_NAMESPACE = 'probes'

export interface ScriptedPeer {
  readonly address: string
  send(octets: Uint8Array): void
  /** Everything seen so far, in order. */
  sights(): readonly Sight[]
  updates(): SeenUpdate[]
  /** What it would have in its table now, by NLRI octets in hexadecimal. */
  table(): Map<string, SeenRoute>
  untilEstablished(seconds?: number): Promise<void>
  /** Waits for the other side's NOTIFICATION and the end of the connection. */
  untilNotified(seconds?: number): Promise<Notification>
  established(): boolean
  closed(): boolean
  stop(): Promise<void>
}

/** Starts a scripted peer, in the namespace `probes` unless said; by default an iBGP neighbour that dials domain A's NVA from `address`. */
export function scriptedPeer(address: string, settings: Partial<PeerSettings> = {}, namespace = PROBES_NAMESPACE): ScriptedPeer {
  const whole: PeerSettings = {
    local: address,
    remote: DOMAINS.a.nvaV4,
    port: BGP_PORT,
    asn: DOMAINS.a.asn,
    routerId: address,
    holdTimeSeconds: 30,
    ...settings,
  }
  const sights: Sight[] = []
  const daemon = start(inside(namespace, process.execPath, PROGRAM, JSON.stringify(whole)), {
    onLine: (line) => sights.push(JSON.parse(line) as Sight),
  })
  const order = (text: Order) => void daemon.process.stdin?.write(`${JSON.stringify(text)}\n`)
  const messages = (type: number) =>
    sights.flatMap((sight) => (sight.saw === 'message' && sight.type === type ? Buffer.from(sight.hex, 'hex') : []))
  const told = () => sights.map((sight) => JSON.stringify(sight).slice(0, 200)).join('\n')
  const updates = () => messages(MESSAGE.update).map(readUpdate)
  const has = (what: Sight['saw']) => sights.some((sight) => sight.saw === what)
  return {
    address,
    send: (octets) => order({ do: 'send', hex: Buffer.from(octets).toString('hex') }),
    sights: () => sights,
    updates,
    table() {
      const byKey = new Map<string, SeenRoute>()
      for (const { announced, withdrawn } of updates()) {
        for (const nlri of withdrawn) byKey.delete(routeKey(nlri))
        for (const route of announced) byKey.set(routeKey(route.nlri), route)
      }
      return new Map([...byKey.values()].map((route) => [route.nlri, route]))
    },
    async untilEstablished(seconds = 15) {
      await untilTrue(`session of the scripted peer ${address}`, seconds, () => {
        if (daemon.ended()) throw new Unmet('the scripted peer ended', daemon.output().slice(-1000))
        if (!has('established')) throw new Unmet('seen so far:', told())
        return true
      })
    },
    untilNotified: (seconds = 10) =>
      until(`NOTIFICATION and end of the session of ${address}`, seconds, () => {
        const [notification] = messages(MESSAGE.notification)
        if (notification === undefined || !has('closed')) throw new Unmet('seen so far:', told())
        return readNotification(notification)
      }),
    established: () => has('established') && !has('closed'),
    closed: () => has('closed'),
    async stop() {
      await stop(daemon)
    },
  }
}

/** Dials until the session is up: an NVA may still hold the end of an earlier one from the same address. */
export async function establishedPeer(address: string, settings: Partial<PeerSettings> = {}, namespace?: string): Promise<ScriptedPeer> {
  return until(`session of the scripted peer ${address}`, 30, async () => {
    const peer = scriptedPeer(address, settings, namespace)
    try {
      await peer.untilEstablished(5)
      return peer
    } catch (error) {
      await peer.stop()
      throw error
    }
  })
}
