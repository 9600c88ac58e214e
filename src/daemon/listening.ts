/**
 * The sockets on which an NVA takes connections, one listener for each, so that some can be opened and closed while others stay. A change is all or
 * nothing: what fails leaves everything as it was.
 */
import { formatIp } from '../address/ip.ts'
import type { Endpoint } from '../speaker/world.ts'
import type { InputSlices } from '../transport/input-slices.ts'
import { type Listener, type ListenHandlers, listen } from '../transport/listener.ts'
import type { TcpKey } from '../transport/sockopt.ts'

/** Where to listen, and the TCP MD5 keys of those who come. */
export interface Hearing {
  readonly endpoints: readonly Endpoint[]
  readonly keys: readonly TcpKey[]
}

export type Heard = { readonly ok: true } | { readonly ok: false; readonly why: readonly string[] }

export class Listening {
  private hearing: Hearing = { endpoints: [], keys: [] }
  private readonly open = new Map<string, Listener>()
  private readonly handlers: ListenHandlers
  private readonly input: InputSlices | undefined

  constructor(handlers: ListenHandlers, input?: InputSlices) {
    this.handlers = handlers
    this.input = input
  }

  /** Where it listens, with the ports the system chose. */
  get endpoints(): Endpoint[] {
    return [...this.open.values()].flatMap((listener) => listener.endpoints)
  }

  /** Listens as it is told from now on; or, if something fails, as before. */
  async change(to: Hearing): Promise<Heard> {
    const before = this.hearing
    const failed = await this.become(to)
    if (failed.length === 0) return { ok: true }
    // What could be opened and set a moment ago can be again; if not, that is told as well.
    return { ok: false, why: [...failed, ...(await this.become(before))] }
  }

  close(): void {
    for (const listener of this.open.values()) listener.close()
    this.open.clear()
  }

  private async become(to: Hearing): Promise<string[]> {
    const wanted = new Map(to.endpoints.map((endpoint) => [earOf(endpoint, to.endpoints), endpoint]))
    for (const [ear, listener] of this.open) {
      if (wanted.has(ear)) continue
      listener.close()
      this.open.delete(ear)
    }
    const why: string[] = []
    for (const listener of this.open.values()) why.push(...(await changeKeys(listener, this.hearing.keys, to.keys)))
    const missing = [...wanted].filter(([ear]) => !this.open.has(ear))
    const opened = await Promise.all(
      missing.map(async ([ear, endpoint]) => {
        const beside = to.endpoints.filter((other) => other !== endpoint)
        return { ear, listener: await listen({ endpoints: [endpoint], beside, keys: to.keys, input: this.input }, this.handlers) }
      }),
    )
    for (const { ear, listener } of opened) {
      if ('failures' in listener) why.push(...listener.failures.map((failure) => failure.why))
      else this.open.set(ear, listener)
    }
    this.hearing = to
    return why
  }
}

/** Two endpoints that are heard by the same kind of socket. That of `::` takes IPv4 as well, unless somebody else does on its port. */
function earOf({ address, port }: Endpoint, all: readonly Endpoint[]): string {
  const shared = address === '::' && all.some((other) => other.address.includes('.') && other.port === port)
  return `${address} ${port}${shared ? ' IPv6 alone' : ''}`
}

async function changeKeys(listener: Listener, before: readonly TcpKey[], after: readonly TcpKey[]): Promise<string[]> {
  const old = new Map(before.map((key) => [keyPlace(key), key]))
  const wanted = new Set(after.map(keyPlace))
  const why: string[] = []
  for (const key of before) if (!wanted.has(keyPlace(key))) await attempt(key, why, () => listener.removeKey(key))
  for (const key of after) {
    if (old.get(keyPlace(key))?.password !== key.password) await attempt(key, why, () => listener.setKey(key))
  }
  return why
}

async function attempt({ network, prefixLength }: TcpKey, why: string[], set: () => Promise<void>): Promise<void> {
  try {
    await set()
  } catch (error) {
    // On the way back there may be nothing to take away.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    const whose = `${formatIp(network)}/${prefixLength}`
    why.push(`the TCP MD5 key of ${whose} cannot be changed: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function keyPlace({ network, prefixLength }: TcpKey): string {
  return `${network.join('.')}/${prefixLength}`
}
