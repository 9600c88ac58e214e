/**
 * The self-test of links: one end says something some thousand times, as sessions do on a quiet day, the other one says it again, and each octet is compared. By that, what
 * Node and we do for a write, a read and a timer is compiled before a session waits for it (2 to 10 ms each).
 */
import { copyOf, put32 } from '../../bytes/octets.ts'
import type { Alarm, Link, LinkHandlers, World } from '../../speaker/world.ts'
import type { InputSlices } from '../../transport/input-slices.ts'
import { listen } from '../../transport/listener.ts'

const LOOPBACK = '127.0.0.1'
/** About an UPDATE with one route. */
const OCTETS = 120
/** Code that runs once for a message is compiled after some thousand. */
const ROUNDS = 3500
const LATE_MS = 1000

/** Null: all is well, or there is nothing to listen on and so nothing to try; else what is not, in words. Takes 0.2 s. */
export async function linkTrial(world: World, input: InputSlices): Promise<string | null> {
  const heard: Link[] = []
  const accept = (link: Link): LinkHandlers => {
    heard.push(link)
    return { received: (octets) => link.write(copyOf(octets, 0, octets.length)), drained: () => {}, closed: () => {} }
  }
  const listener = await listen({ endpoints: [{ address: LOOPBACK, port: 0 }], keys: [], input }, { accept, trouble: () => {} })
  if ('failures' in listener) return null
  const [{ port } = { port: 0 }] = listener.endpoints
  const problem = await new Promise<string | null>((resolve) => {
    let asking: Asking | null = null
    const over = (problem: string | null): void => {
      late.cancel()
      dialling.cancel()
      asking?.close()
      resolve(problem)
    }
    const late = world.after(LATE_MS, () => over(null))
    const dialling = world.dial(
      { address: LOOPBACK, port, localAddress: null, password: null },
      (link) => {
        asking = new Asking(world, link, over)
        return asking.handlers
      },
      () => over(null),
    )
  })
  listener.close()
  for (const link of heard) link.close()
  return problem
}

/** The end that says something, and waits until it has heard it. */
class Asking {
  readonly handlers: LinkHandlers
  private readonly world: World
  private readonly link: Link
  private readonly over: (problem: string | null) => void
  private said = new Uint8Array(0)
  private heard = 0
  private round = 0
  private closed = false
  /** As sessions have one for each message. */
  private timer: Alarm

  constructor(world: World, link: Link, over: (problem: string | null) => void) {
    this.world = world
    this.link = link
    this.over = over
    this.timer = world.after(LATE_MS, () => {})
    this.handlers = { received: (octets) => this.received(octets), drained: () => {}, closed: () => this.over(null) }
    world.soon(() => this.say())
  }

  private say(): void {
    if (this.closed) return
    this.said = new Uint8Array(OCTETS)
    for (let at = 0; at < OCTETS; at += 4) put32(this.said, at, Math.imul(this.round + at, 0x9e3779b1))
    this.heard = 0
    this.round++
    this.timer.cancel()
    this.timer = this.world.after(LATE_MS, () => {})
    this.link.write(this.said)
  }

  private received(octets: Uint8Array): void {
    for (const octet of octets) {
      if (octet !== this.said[this.heard++]) {
        this.over(`self-test: octet ${this.heard} of message ${this.round} over ${LOOPBACK} has become another`)
        return
      }
    }
    if (this.heard < OCTETS) return
    if (this.round === ROUNDS) this.over(null)
    else this.world.soon(() => this.say())
  }

  /** Says no more. */
  close(): void {
    this.closed = true
    this.timer.cancel()
    this.link.close()
  }
}
