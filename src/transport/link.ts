/**
 * A connection to a peer over a TCP socket.
 */
import type { Socket } from 'node:net'
import type { Endpoint, Link, LinkHandlers } from '../speaker/world.ts'
import { plainAddress } from './endpoint.ts'
import { reason } from './reason.ts'

/** How long a link that is being closed waits for the peer to take what is pending and to close its side. */
const FAREWELL_MS = 1_000

/**
 * What is written in one turn goes to the system in one call. Octets are held here while that call is under way, so that `pending` counts
 * exactly what the system has not taken, and what gathers meanwhile is again one call.
 */
export class SocketLink implements Link {
  readonly local: Endpoint
  readonly remote: Endpoint
  private readonly socket: Socket
  private handlers: LinkHandlers | null = null
  private waiting: Uint8Array[] = []
  private waitingOctets = 0
  private sendingOctets = 0
  private flushAsked = false
  private closing = false
  private why = 'closed by the peer'

  /** Takes over a connected socket. Nothing is heard of it until `attach`, which must follow in the same turn. */
  constructor(socket: Socket) {
    this.socket = socket
    this.local = { address: plainAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 }
    this.remote = { address: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 }
    socket.setNoDelay(true)
    socket.on('end', this.onEnd)
    socket.on('error', this.onError)
    socket.on('close', this.onClose)
  }

  /** Sets who hears of this link. */
  attach(handlers: LinkHandlers): void {
    if (this.closing) return
    this.handlers = handlers
    this.socket.on('data', this.onData)
    this.socket.resume()
  }

  get pending(): number {
    return this.waitingOctets + this.sendingOctets
  }

  write(octets: Uint8Array): void {
    if (this.closing || octets.length === 0) return
    this.waiting.push(octets)
    this.waitingOctets += octets.length
    if (this.flushAsked || this.sendingOctets > 0) return
    this.flushAsked = true
    process.nextTick(this.flush)
  }

  pause(): void {
    if (!this.closing) this.socket.pause()
  }

  resume(): void {
    if (!this.closing) this.socket.resume()
  }

  close(): void {
    if (this.closing) return
    this.closing = true
    this.handlers = null
    if (this.sendingOctets === 0) this.flush()
    // Octets left unread when a socket closes make the kernel send a reset, and a reset can overtake our last NOTIFICATION at the peer.
    // So: say that we are done, read on into nothing until the peer closes, and only then, or when it takes too long, let go.
    this.socket.resume()
    if (this.waitingOctets === 0) this.socket.end()
    const farewell = setTimeout(() => this.socket.destroy(), FAREWELL_MS)
    this.socket.once('close', () => clearTimeout(farewell))
  }

  private readonly flush = (): void => {
    this.flushAsked = false
    const { socket, waiting } = this
    if (waiting.length === 0) return
    this.waiting = []
    this.sendingOctets = this.waitingOctets
    this.waitingOctets = 0
    const last = waiting.length - 1
    if (last > 0) socket.cork()
    for (let at = 0; at < last; at++) socket.write(waiting[at]!)
    socket.write(waiting[last]!, this.sent)
    if (last > 0) socket.uncork()
  }

  private readonly sent = (error?: Error | null): void => {
    // A failed write is followed by 'close', which tells why.
    if (error) return
    this.sendingOctets = 0
    if (this.waitingOctets > 0) {
      this.flush()
      if (this.closing) this.socket.end()
      return
    }
    this.handlers?.drained()
  }

  private readonly onData = (octets: Uint8Array): void => {
    this.handlers?.received(octets)
  }

  /** The peer has closed its side: a BGP session is over then, whatever we still wanted to send. */
  private readonly onEnd = (): void => {
    this.socket.destroy()
  }

  private readonly onError = (error: Error): void => {
    this.why = reason(error)
  }

  private readonly onClose = (): void => {
    const { handlers } = this
    this.handlers = null
    this.closing = true
    this.waiting = []
    this.waitingOctets = 0
    this.sendingOctets = 0
    handlers?.closed(this.why)
  }
}
