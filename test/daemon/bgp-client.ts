/** A BGP speaker over a real socket that says what the test says and counts what it hears. */
import net from 'node:net'
import { writeOpen } from '../../src/wire/open.ts'
import { keyOf, readAttributes } from '../advertise/receiver.ts'
import { message, u32Octets } from '../wire/update-octets.ts'

const OPEN = 1
const UPDATE = 2
const NOTIFICATION = 3
const KEEPALIVE = 4
const MP_REACH = 14
const MP_UNREACH = 15
/** Two lengths and an MP_UNREACH_NLRI without NLRI (RFC 4724 §2). */
const END_OF_RIB_MOST = 11

export class BgpClient {
  /** Route keys of what is announced and not withdrawn, and the attributes it came with, MP_REACH_NLRI left out. */
  readonly table = new Map<string, string>()
  /** Since `forget`: UPDATEs with routes in them, NLRI announced, NLRI withdrawn. */
  updates = 0
  announced = 0
  withdrawn = 0
  endsOfRib = 0
  notifications: string[] = []
  closed = false
  private readonly socket: net.Socket
  private readonly asn: number
  private readonly address: string
  private held: Buffer = Buffer.alloc(0)
  private waiting: (() => void)[] = []

  /** Dials `to` from `address`, a loopback address that is its BGP Identifier too. Its hold time is 0: it says nothing on its own. */
  constructor(address: string, asn: number, to: { readonly address: string; readonly port: number }) {
    this.address = address
    this.asn = asn
    this.socket = net.connect({ host: to.address, port: to.port, localAddress: address })
    this.socket.on('data', (octets) => this.take(octets))
    for (const end of ['close', 'error'] as const) {
      this.socket.on(end, () => {
        this.closed = true
        this.wake()
      })
    }
  }

  /** Resolves when the test's condition holds, asked after everything that is heard. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => this.waiting.push(resolve))
  }

  say(octets: Uint8Array): void {
    this.socket.write(octets)
  }

  /** Counts from 0 again; the table stays. */
  forget(): void {
    this.updates = 0
    this.announced = 0
    this.withdrawn = 0
  }

  close(): void {
    this.socket.destroy()
  }

  private take(octets: Buffer): void {
    this.held = this.held.length === 0 ? octets : Buffer.concat([this.held, octets])
    let at = 0
    while (this.held.length - at >= 19) {
      const length = this.held.readUInt16BE(at + 16)
      if (this.held.length - at < length) break
      this.hear(this.held[at + 18] ?? 0, this.held.subarray(at + 19, at + length))
      at += length
    }
    this.held = this.held.subarray(at)
    this.wake()
  }

  private hear(type: number, body: Uint8Array): void {
    if (type === OPEN) this.greet()
    else if (type === NOTIFICATION) this.notifications.push(`${body[0]}/${body[1]}`)
    else if (type === UPDATE) this.update(body)
  }

  private greet(): void {
    const capabilities = [
      { code: 1, value: Uint8Array.of(0, 25, 0, 70) },
      { code: 65, value: Uint8Array.from(u32Octets(this.asn)) },
    ]
    const routerId = this.address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    const out = new Uint8Array(200)
    const end = writeOpen({ version: 4, myAs: this.asn, holdTimeSeconds: 0, routerId, capabilities }, out, 0)
    this.say(out.slice(0, end))
    this.say(message(KEEPALIVE, []))
  }

  private update(body: Uint8Array): void {
    if (body.length <= END_OF_RIB_MOST) {
      this.endsOfRib++
      return
    }
    const attributes = readAttributes(body.subarray(4))
    const reach = attributes.find(({ code }) => code === MP_REACH)
    const unreach = attributes.find(({ code }) => code === MP_UNREACH)
    this.updates++
    const rest = attributes
      .flatMap(({ code, value }) => (code === MP_REACH ? [] : [`${code}:${Buffer.from(value).toString('hex')}`]))
      .join(' ')
    if (reach !== undefined) {
      for (const nlri of nlriOf(reach.value, 5 + (reach.value[3] ?? 0))) {
        this.announced++
        this.table.set(keyOf(nlri), rest)
      }
    }
    for (const nlri of unreach === undefined ? [] : nlriOf(unreach.value, 3)) {
      this.withdrawn++
      this.table.delete(keyOf(nlri))
    }
  }

  private wake(): void {
    const { waiting } = this
    this.waiting = []
    for (const resolve of waiting) resolve()
  }
}

function* nlriOf(octets: Uint8Array, from: number): Iterable<Uint8Array> {
  for (let at = from; at < octets.length; ) {
    const end = at + 2 + (octets[at + 1] ?? 0)
    yield octets.subarray(at, end)
    at = end
  }
}
