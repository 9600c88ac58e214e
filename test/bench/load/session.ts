/** A BGP session over a real socket, held up as a switch does it: it counts the routes that it hears and watches when KEEPALIVEs come. */
import net from 'node:net'
import { u8 } from '../../../src/bytes/octets.ts'
import { MessageCutter, MessageType } from '../../../src/wire/framing.ts'
import { writeOpen } from '../../../src/wire/open.ts'
import { UpdateScan } from '../../../src/wire/update-scan.ts'
import { message, u32Octets } from '../../wire/update-octets.ts'

export interface SessionSettings {
  /** A loopback address to come from; the BGP Identifier is the same with first octet 10. */
  readonly address: string
  readonly asn: number
  readonly holdTimeSeconds: number
  readonly to: { readonly address: string; readonly port: number }
}

export interface SessionEvents {
  up(session: Session): void
  /** A KEEPALIVE has come, and the one before it `spacing` ms ago. */
  keepalive(spacing: number): void
  /** An NLRI with its type has been announced to us, octets `from`..`to`; borrowed until return. */
  route(bytes: Uint8Array, from: number, to: number): void
  /** What was said has gone out, after `say` was told that it has not. */
  drained(): void
  down(session: Session, why: string): void
}

const KEEPALIVE = message(MessageType.keepalive, [])
const scan = new UpdateScan()

export class Session {
  readonly settings: SessionSettings
  up = false
  /** NLRI announced to us, and withdrawn. */
  announced = 0
  withdrawn = 0
  private readonly events: Partial<SessionEvents>
  private readonly socket: net.Socket
  private readonly cutter = new MessageCutter()
  private timer: NodeJS.Timeout | undefined
  private lastKeepalive = Number.NaN
  private why = 'closed by the reflector'

  constructor(settings: SessionSettings, events: Partial<SessionEvents> = {}) {
    this.settings = settings
    this.events = events
    const { address, to } = settings
    this.socket = net.connect({ host: to.address, port: to.port, localAddress: address, noDelay: true })
    this.socket.on('connect', () => this.socket.write(this.open()))
    this.socket.on('data', (octets) => this.take(octets))
    this.socket.on('drain', () => this.events.drained?.())
    this.socket.on('error', (error) => {
      this.why = error.message
    })
    this.socket.on('close', () => this.ended())
  }

  /** Returns whether more can be said at once, before `drained`. */
  say(octets: Uint8Array): boolean {
    return this.socket.write(octets)
  }

  /** Goes without a word; `down` is not called. */
  close(): void {
    clearTimeout(this.timer)
    this.socket.removeAllListeners('close')
    this.socket.destroy()
  }

  private open(): Uint8Array {
    const { address, asn, holdTimeSeconds } = this.settings
    const octets = address.split('.').map(Number)
    octets[0] = 10
    const capabilities = [
      { code: 1, value: Uint8Array.of(0, 25, 0, 70) },
      { code: 65, value: Uint8Array.from(u32Octets(asn)) },
    ]
    const routerId = octets.reduce((sum, octet) => sum * 256 + octet, 0)
    const out = new Uint8Array(100)
    return out.subarray(0, writeOpen({ version: 4, myAs: asn > 65535 ? 23456 : asn, holdTimeSeconds, routerId, capabilities }, out, 0))
  }

  private take(octets: Uint8Array): void {
    const fault = this.cutter.push(octets, (bytes, from, to, type) => {
      if (type === MessageType.open) this.say(KEEPALIVE)
      else if (type === MessageType.keepalive) this.keepalive()
      else if (type === MessageType.update) this.update(bytes, from, to)
      else if (type === MessageType.notification) this.why = `NOTIFICATION ${u8(bytes, from + 19)}/${u8(bytes, from + 20)}`
      return true
    })
    if (fault === null) return
    this.why = `octets that are no BGP: ${fault.why}`
    this.socket.destroy()
  }

  private keepalive(): void {
    const now = performance.now()
    const spacing = now - this.lastKeepalive
    this.lastKeepalive = now
    if (this.up) {
      this.events.keepalive?.(spacing)
      return
    }
    this.up = true
    if (this.settings.holdTimeSeconds > 0) this.keepUp()
    this.events.up?.(this)
  }

  /** RFC 4271 §10: at 75 to 100 % of a third of the hold time. */
  private keepUp(): void {
    const ms = (this.settings.holdTimeSeconds / 3) * 1000 * (0.75 + Math.random() / 4)
    this.timer = setTimeout(() => {
      this.say(KEEPALIVE)
      this.keepUp()
    }, ms)
  }

  private update(bytes: Uint8Array, from: number, to: number): void {
    scan.scan(bytes, from, to)
    if (scan.reachAfi !== 0) {
      this.announced += nlriIn(bytes, scan.reachFrom, scan.reachTo)
      this.heard(bytes, scan.reachFrom, scan.reachTo)
    }
    if (scan.unreachAfi !== 0) this.withdrawn += nlriIn(bytes, scan.unreachFrom, scan.unreachTo)
  }

  private heard(bytes: Uint8Array, from: number, to: number): void {
    const { route } = this.events
    if (route === undefined) return
    for (let at = from; at < to; at += 2 + u8(bytes, at + 1)) route(bytes, at, at + 2 + u8(bytes, at + 1))
  }

  private ended(): void {
    clearTimeout(this.timer)
    this.up = false
    this.events.down?.(this, this.why)
  }
}

function nlriIn(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at += 2 + u8(bytes, at + 1)) count++
  return count
}
