/** Two ends of a connection over loopback, for the tests of this room. */
import type { Endpoint, Link, LinkHandlers, World } from '../../src/speaker/world.ts'
import { type Listener, type ListenSettings, listen } from '../../src/transport/listener.ts'
import { realWorld } from '../../src/transport/world.ts'

/** One end: its link, and everything heard on it, with promises for what comes next. */
export class End implements LinkHandlers {
  readonly link: Link
  octets = 0
  readonly chunks: Buffer[] = []
  drains = 0
  why: string | null = null
  private waiters: { readonly holds: () => boolean; readonly resolve: () => void }[] = []

  constructor(link: Link) {
    this.link = link
  }

  received(octets: Uint8Array): void {
    this.octets += octets.length
    // Borrowed until return: kept only as a copy.
    this.chunks.push(Buffer.from(octets))
    this.wake()
  }

  drained(): void {
    this.drains++
    this.wake()
  }

  closed(why: string): void {
    this.why = why
    this.wake()
  }

  text(): string {
    return Buffer.concat(this.chunks).toString()
  }

  /** Resolves as soon as `holds`, looked at after each thing that is heard. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve()
    return new Promise((resolve) => this.waiters.push({ holds, resolve }))
  }

  private wake(): void {
    for (const waiter of this.waiters) if (waiter.holds()) waiter.resolve()
    this.waiters = this.waiters.filter(({ holds }) => !holds())
  }
}

export function trouble(why: string): void {
  throw new Error(why)
}

/** Dials; resolves to the end, or to why it failed. */
export function dialTo(
  { address, port }: Endpoint,
  {
    world = realWorld(),
    password = null as string | null,
    localAddress = null as string | null,
  }: { world?: World; password?: string | null; localAddress?: string | null } = {},
): Promise<End | string> {
  return new Promise((resolve) => {
    const up = (link: Link): LinkHandlers => {
      const end = new End(link)
      resolve(end)
      return end
    }
    world.dial({ address, port, password, localAddress }, up, resolve)
  })
}

/** A listener whose accepted ends are handed out one by one. */
export async function listening(settings: Partial<ListenSettings> = {}): Promise<{ listener: Listener; accepted: () => Promise<End> }> {
  const ready: End[] = []
  const wanted: ((end: End) => void)[] = []
  const outcome = await listen(
    { endpoints: [{ address: '127.0.0.1', port: 0 }], keys: [], ...settings },
    {
      accept(link) {
        const end = new End(link)
        const resolve = wanted.shift()
        if (resolve === undefined) ready.push(end)
        else resolve(end)
        return end
      },
      trouble,
    },
  )
  if ('failures' in outcome) throw new Error(outcome.failures[0]!.why)
  return {
    listener: outcome,
    accepted: () => new Promise((resolve) => (ready.length > 0 ? resolve(ready.shift()!) : wanted.push(resolve))),
  }
}

/** Both ends of one new connection. */
export async function connected(): Promise<{ near: End; far: End; listener: Listener }> {
  const { listener, accepted } = await listening()
  const [near, far] = await Promise.all([dialTo(listener.endpoints[0]!), accepted()])
  if (typeof near === 'string') throw new Error(near)
  return { near, far, listener }
}
