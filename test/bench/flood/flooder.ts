/** The other domain, in a thread of its own: sends rounds of routes as fast as TCP takes them, whenever it is told to. */
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { Session, type SessionSettings } from '../load/session.ts'
import { type FloodSettings, floodRound } from './routes.ts'

interface Orders {
  readonly session: SessionSettings
  readonly flood: FloodSettings
}

type Said = { readonly is: 'up' } | { readonly is: 'stopped'; readonly changes: number } | { readonly is: 'down'; readonly why: string }

export class Flooder {
  private readonly worker: Worker
  private readonly waiting = new Map<Said['is'], (said: Said) => void>()
  /** Why its session ended; null: it has not. */
  lost: string | null = null

  constructor(orders: Orders) {
    this.worker = new Worker(new URL(import.meta.url), { workerData: orders })
    this.worker.on('message', (said: Said) => {
      if (said.is === 'down') this.lost = said.why
      this.waiting.get(said.is)?.(said)
    })
    this.worker.on('error', (error) => {
      this.lost = error.message
    })
  }

  up(): Promise<unknown> {
    return this.heard('up')
  }

  begin(): void {
    this.worker.postMessage('begin')
  }

  /** How many changes TCP has taken since `begin`. */
  async end(): Promise<number> {
    const stopped = this.heard('stopped')
    this.worker.postMessage('end')
    const said = await stopped
    return said.is === 'stopped' ? said.changes : 0
  }

  async close(): Promise<void> {
    await this.worker.terminate()
  }

  private heard(what: Said['is']): Promise<Said> {
    return new Promise((resolve) => this.waiting.set(what, resolve))
  }
}

function runFlood({ session: settings, flood }: Orders, say: (said: Said) => void, heard: (order: (word: string) => void) => void): void {
  const round = floodRound(flood)
  let flooding = false
  let blocked = false
  let at = 0
  let changes = 0
  const pour = () => {
    while (flooding && !blocked) {
      const { octets, changes: more } = round[at++ % round.length]!
      changes += more
      blocked = !session.say(octets)
    }
  }
  const session = new Session(settings, {
    up: () => say({ is: 'up' }),
    drained: () => {
      blocked = false
      pour()
    },
    down: (_, why) => say({ is: 'down', why }),
  })
  heard((word) => {
    flooding = word === 'begin'
    if (flooding) {
      changes = 0
      pour()
    } else say({ is: 'stopped', changes })
  })
}

if (parentPort !== null && workerData !== null) {
  const port = parentPort
  runFlood(
    workerData as Orders,
    (said) => port.postMessage(said),
    (order) => port.on('message', order),
  )
}
