/**
 * Opens connections to peers.
 */
import net from 'node:net'
import { parseIp } from '../address/ip.ts'
import { known } from '../address/parsed.ts'
import type { Alarm, DialFailed, DialTarget, Link, LinkHandlers } from '../speaker/world.ts'
import type { InputSlices } from './input-slices.ts'
import { readInto, SocketLink } from './link.ts'
import { isOurs, reason } from './reason.ts'
import { socketOptions } from './sockopt.ts'

export interface DialSettings {
  readonly timeoutMs: number
  readonly input: InputSlices
}

/**
 * Dials `target`. Calls `up` or `failed` once, later, unless cancelled. It fails by itself after `timeoutMs`: with a TCP MD5 key the kernel
 * drops the unsigned refusal of the other end, and without a route nothing comes back at all.
 */
export function dial(target: DialTarget, { timeoutMs, input }: DialSettings, up: (link: Link) => LinkHandlers, failed: DialFailed): Alarm {
  let socket: net.Socket | null = null
  let over = false
  const end = (): boolean => {
    if (over) return false
    over = true
    clearTimeout(timeout)
    return true
  }
  const fail = (why: string, ours = false): void => {
    if (!end()) return
    socket?.destroy()
    failed(why, ours)
  }
  const timeout = setTimeout(() => fail(noAnswer(target, timeoutMs)), timeoutMs)
  const connect = (opening: net.Socket): void => {
    socket = opening
    // Stays on for good: a socket that is destroyed while it connects may still have an error to tell.
    opening.on('error', (error) => fail(reason(error), isOurs(error)))
    opening.once('connect', () => {
      if (!end()) return
      const link = new SocketLink(opening, input)
      link.attach(up(link))
    })
  }

  if (target.password === null) connect(plainSocket(target, input))
  else {
    signedSocket(target, target.password, input, () => over).then(
      (opening) => opening !== null && connect(opening),
      (error: unknown) => fail(reason(error), isOurs(error)),
    )
  }
  return {
    cancel() {
      if (end()) socket?.destroy()
    },
  }
}

function noAnswer({ password }: DialTarget, timeoutMs: number): string {
  const hint = password === null ? '' : '; with a TCP MD5 key a refusal or another key at the peer looks like this too'
  return `no answer within ${timeoutMs / 1000} s${hint}`
}

function plainSocket({ address, port, localAddress }: DialTarget, input: InputSlices): net.Socket {
  const from = localAddress === null ? {} : { localAddress }
  const socket: net.Socket = net.connect({ host: address, port, ...from, ...readInto(input, () => socket) })
  return socket
}

/** A socket that signs from its first segment on; null when the dial was called off while the options loaded. */
async function signedSocket(
  target: DialTarget,
  password: string,
  input: InputSlices,
  calledOff: () => boolean,
): Promise<net.Socket | null> {
  const options = await socketOptions()
  if (calledOff()) return null
  const remote = known(parseIp(target.address))
  const ipv6 = remote.length === 16
  const fd = options.open(ipv6)
  try {
    if (target.localAddress !== null) options.bind(fd, known(parseIp(target.localAddress)), 0)
    options.setKey(fd, ipv6, { network: remote, prefixLength: remote.length * 8, password })
  } catch (error) {
    options.close(fd)
    throw error
  }
  // Paused, or Node would read from a socket that is not connected; it must connect in this very turn.
  const socket: net.Socket = new net.Socket({ fd, pauseOnCreate: true, ...readInto(input, () => socket) } as net.SocketConstructorOpts)
  socket.connect({ host: target.address, port: target.port })
  return socket
}
