/**
 * A connection to a peer over a TCP socket.
 */
import type net from 'node:net'
import type { Endpoint, Link, LinkHandlers } from '../speaker/world.ts'
import { plainAddress } from './endpoint.ts'
import type { InputSlices } from './input-slices.ts'
import type { Reader } from './reader.ts'
import { reason } from './reason.ts'

/** How long a link that is being closed waits for the peer to take what is pending and to close its side. */
const FAREWELL_MS = 1_000

/** Who reads from a socket. */
const readers = new WeakMap<net.Socket, Reader>()

/** Options for a socket that reads into the buffer of `input`. `self`: the socket itself, once it is made. */
export function readInto(input: InputSlices, self: () => net.Socket): { readonly onread: net.OnReadOpts } {
  return {
    onread: {
      buffer: input.buffer,
      callback(length) {
        const reader = readers.get(self())
        if (reader !== undefined) input.arrived(reader, length)
        return true
      },
    },
  }
}

/**
 * What is written in one turn goes to the system in one call. Octets are held here while that call is under way, so that `pending` counts
 * exactly what the system has not taken, and what gathers meanwhile is again one call.
 */
export class SocketLink implements Link, Reader {
  readonly local: Endpoint
  readonly remote: Endpoint
  givesWay = false
  private readonly socket: net.Socket
  private readonly input: InputSlices
  private handlers: LinkHandlers | null = null
  private waiting: Uint8Array[] = []
  private waitingOctets = 0
  private sendingOctets = 0
  private flushAsked = false
  private closing = false
  private paused = false
  /** Octets that came wait for their turn, and nothing more is read until then. */
  private inputWaits = false
  /** What had its turn while the link was paused. */
  private kept: Uint8Array[] = []
  private why = 'closed by the peer'

  /**
   * Takes over a connected socket that was made with `readInto` and the same `input`. Nothing is heard of it until `attach`, which must follow in the same
   * turn.
   */
  constructor(socket: net.Socket, input: InputSlices) {
    this.socket = socket
    this.input = input
    readers.set(socket, this)
    this.local = { address: plainAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 }
    this.remote = { address: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 }
    socket.setNoDelay(true)
    socket.on('end', this.onEnd)
    socket.on('error', this.onError)
    socket.on('close', this.onClose)
  }

  /** Sets who is told what happens on this link. */
  attach(handlers: LinkHandlers): void {
    if (this.closing) return
    this.handlers = handlers
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
    this.paused = true
    if (!this.closing) this.socket.pause()
  }

  resume(): void {
    this.paused = false
    // Who receives may pause the link again.
    while (!this.paused) {
      const next = this.kept.shift()
      if (next === undefined) break
      this.handlers?.received(next)
    }
    if (!this.paused && !this.closing && !this.inputWaits) this.socket.resume()
  }

  take(octets: Uint8Array): void {
    if (this.paused && !this.closing) this.kept.push(Uint8Array.prototype.slice.call(octets))
    else this.handlers?.received(octets)
  }

  stopReading(): void {
    this.inputWaits = true
    this.socket.pause()
  }

  resumeReading(): void {
    this.inputWaits = false
    if (!this.paused) this.socket.resume()
  }

  giveWay(): void {
    this.givesWay = true
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
    // A failed write is followed by 'close', which says why.
    if (error) return
    this.sendingOctets = 0
    if (this.waitingOctets > 0) {
      this.flush()
      if (this.closing) this.socket.end()
      return
    }
    this.handlers?.drained()
  }

  /** The peer has closed its side: a BGP session is over then, whatever we still wanted to send. */
  private readonly onEnd = (): void => {
    this.socket.destroy()
  }

  private readonly onError = (error: Error): void => {
    this.why = reason(error)
  }

  private readonly onClose = (): void => {
    // The last words of the peer may be among what waits.
    this.input.deliver(this)
    const { handlers } = this
    this.handlers = null
    this.closing = true
    this.waiting = []
    this.waitingOctets = 0
    this.sendingOctets = 0
    handlers?.closed(this.why)
  }
}
