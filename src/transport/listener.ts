/**
 * Waits for peers to connect.
 */
import net from 'node:net'
import { parseIp } from '../address/ip.ts'
import { known } from '../address/parsed.ts'
import type { Endpoint, Link, LinkHandlers } from '../speaker/world.ts'
import { formatEndpoint } from './endpoint.ts'
import { InputSlices } from './input-slices.ts'
import { readInto, SocketLink } from './link.ts'
import { errorCode, reason } from './reason.ts'
import { descriptorOf, type SocketOptions, socketOptions, type TcpKey } from './sockopt.ts'

export interface ListenSettings {
  /** Canonical addresses. `::` takes IPv4 too, unless an IPv4 endpoint of the same port stands beside it. Port 0: the system chooses. */
  readonly endpoints: readonly Endpoint[]
  /** Others that are listened on already, or will be. */
  readonly beside?: readonly Endpoint[]
  /** TCP MD5 keys of the peers that have one; unsigned connections of these are not even answered. */
  readonly keys: readonly TcpKey[]
  /** Shared by all that read in this process; left out: one of its own. */
  readonly input?: InputSlices | undefined
}

export interface ListenHandlers {
  /** A peer has connected. null refuses it: the connection is dropped. */
  accept(link: Link): LinkHandlers | null
  /** A connection could not be taken although we listen, for example for want of file descriptors. */
  trouble(why: string): void
}

export interface Listener {
  /** Where it listens, with the ports the system chose, in the order given. */
  readonly endpoints: readonly Endpoint[]
  /** Sets or replaces the key of a peer or a range. Throws when it cannot be set: the peer must not be served then. */
  setKey(key: TcpKey): Promise<void>
  removeKey(key: Omit<TcpKey, 'password'>): Promise<void>
  /** Takes no more connections. Links that are open stay. */
  close(): void
}

/** Why it does not listen where it should. */
export interface ListenFailure {
  readonly failures: readonly EndpointFailure[]
}

export interface EndpointFailure extends Endpoint {
  /** The system's name of the error, as far as there is one: `EADDRINUSE`. */
  readonly code: string
  /** A sentence with address, port and what to do. */
  readonly why: string
}

/** One listening socket. */
interface Ear {
  readonly server: net.Server
  readonly ipv6: boolean
  /** IPv4 peers come in here: on their own socket, or on an IPv6 one that takes both. */
  readonly ipv4: boolean
}

const BACKLOG = 511

/** Listens on all endpoints, or, if one fails, on none. */
export async function listen(settings: ListenSettings, handlers: ListenHandlers): Promise<Listener | ListenFailure> {
  const tried = await Promise.all(settings.endpoints.map((endpoint) => listenOn(endpoint, settings, handlers)))
  const ears = tried.filter((outcome) => 'server' in outcome)
  const failures = tried.filter((outcome) => 'why' in outcome)
  const close = (): void => {
    for (const { server } of ears) server.close()
  }
  if (failures.length > 0) {
    close()
    return { failures }
  }
  const concerned = (network: Uint8Array): Ear[] => ears.filter((ear) => hears(ear, network))
  return {
    endpoints: ears.map(({ server }, at) => ({ address: settings.endpoints[at]!.address, port: portOf(server) })),
    async setKey(key) {
      const options = await socketOptions()
      for (const { server, ipv6 } of concerned(key.network)) options.setKey(descriptorOf(server), ipv6, key)
    },
    async removeKey(key) {
      const options = await socketOptions()
      for (const { server, ipv6 } of concerned(key.network)) options.removeKey(descriptorOf(server), ipv6, key)
    },
    close,
  }
}

async function listenOn(endpoint: Endpoint, settings: ListenSettings, handlers: ListenHandlers): Promise<Ear | EndpointFailure> {
  const input = settings.input ?? new InputSlices()
  const server = net.createServer({ pauseOnConnect: true }, (socket) => take(socket, input, handlers))
  const ipv6 = net.isIPv6(endpoint.address)
  const ipv4Beside = [...settings.endpoints, ...(settings.beside ?? [])].some(
    ({ address, port }) => net.isIPv4(address) && port === endpoint.port && port !== 0,
  )
  const ear: Ear = { server, ipv6, ipv4: !ipv6 || (endpoint.address === '::' && !ipv4Beside) }
  const keys = settings.keys.filter(({ network }) => hears(ear, network))
  try {
    const where = keys.length === 0 ? plain(endpoint, ear) : { fd: signed(await socketOptions(), endpoint, ear, keys) }
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ ...where, exclusive: true, backlog: BACKLOG }, () => {
        server.off('error', reject)
        resolve()
      })
    })
  } catch (error) {
    return { ...endpoint, code: errorCode(error), why: cannotListen(endpoint, error) }
  }
  server.on('error', (error) => handlers.trouble(`cannot take a connection on ${formatEndpoint(endpoint)}: ${reason(error)}`))
  return ear
}

function plain({ address, port }: Endpoint, ear: Ear): net.ListenOptions {
  return { host: address, port, ipv6Only: ear.ipv6 && !ear.ipv4 }
}

/** A bound socket with its keys set before it listens: there is no moment in which an unsigned connection could slip in. */
function signed(options: SocketOptions, { address, port }: Endpoint, ear: Ear, keys: readonly TcpKey[]): number {
  const fd = options.open(ear.ipv6)
  try {
    if (ear.ipv6 && !ear.ipv4) options.onlyIpv6(fd)
    options.bind(fd, known(parseIp(address)), port)
    for (const key of keys) options.setKey(fd, ear.ipv6, key)
    return fd
  } catch (error) {
    options.close(fd)
    throw error
  }
}

function hears({ ipv4, ipv6 }: Ear, network: Uint8Array): boolean {
  return network.length === 4 ? ipv4 : ipv6
}

function take(accepted: net.Socket, input: InputSlices, handlers: ListenHandlers): void {
  // Gone again before we looked: nobody there to talk to.
  if (accepted.remoteAddress === undefined) {
    accepted.destroy()
    return
  }
  const link = new SocketLink(readingInto(accepted, input), input)
  const heard = handlers.accept(link)
  // `close` still sends what a refusal may have written.
  if (heard === null) link.close()
  else link.attach(heard)
}

/**
 * An accepted socket that reads into a buffer of ours. Node offers that for sockets one makes oneself, so we make another one over the same handle: an
 * inner part of Node, as in `descriptorOf`.
 */
function readingInto(accepted: net.Socket, input: InputSlices): net.Socket {
  const inner = accepted as unknown as { _handle: unknown }
  const handle = inner._handle
  inner._handle = null
  accepted.destroy()
  const options = { handle, manualStart: true, ...readInto(input, () => socket) }
  const socket: net.Socket = new net.Socket(options as net.SocketConstructorOpts)
  return socket
}

function portOf(server: net.Server): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

function cannotListen(endpoint: Endpoint, error: unknown): string {
  const where = `cannot listen on ${formatEndpoint(endpoint)}`
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return `${where}: the port is in use by another program (find it with: ss -tlnp 'sport = :${endpoint.port}'), or choose another one`
    case 'EACCES':
      return `${where}: port ${endpoint.port} needs CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE, or setcap on a copy of node), or choose a port above 1023`
    case 'EADDRNOTAVAIL':
      return `${where}: no interface of this machine has this address`
    default:
      return `${where}: ${reason(error)}`
  }
}
