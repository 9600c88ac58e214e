/**
 * A capture file as BGP messages, read in pieces. Memory is bounded whatever the file says: so many connections are remembered, the ones heard of least
 * lately are forgotten first, and so many octets may wait for what was captured late or never.
 */
import { formatIp } from '../../address/ip.ts'
import type { Forced } from '../decode-context.ts'
import type { FoundIn } from '../decoded.ts'
import type { FoundTaker, Input } from '../found-taker.ts'
import { CaptureFile, type PacketMark } from './capture-file.ts'
import { Connection, type ConnectionTaker } from './connection.ts'
import { TcpSegment } from './tcp-segment.ts'

export interface CaptureSettings extends Forced {
  /** The TCP port of one side; null: any connection on which a message is found. */
  readonly port: number | null
}

/** What a capture held, for the line at the end. */
export interface CaptureCount {
  packets: number
  connections: number
  messages: number
  /** IP fragments of TCP: they are not put together. */
  fragments: number
}

const MOST_CONNECTIONS = 1024
/** Octets that may wait in all connections together. */
const MOST_WAITING = 1 << 26

export class Capture implements Input {
  readonly count: CaptureCount = { packets: 0, connections: 0, messages: 0, fragments: 0 }
  private readonly file = new CaptureFile((bytes, from, to, mark) => this.packet(bytes, from, to, mark))
  private readonly settings: CaptureSettings
  private readonly taker: FoundTaker
  private readonly segment = new TcpSegment()
  private readonly connections = new Map<string, Connection>()
  private readonly unknownLinks = new Set<number>()
  private mark: Readonly<PacketMark> = { number: 0, seconds: 0, nanoseconds: 0, linkType: 0 }
  private waiting = 0

  constructor(settings: CaptureSettings, taker: FoundTaker) {
    this.settings = settings
    this.taker = taker
  }

  /** Reads on. */
  push(piece: Uint8Array): void {
    const why = this.file.push(piece)
    if (why !== null) this.taker.complaint(why)
  }

  /** The end of the file. */
  end(): void {
    const why = this.file.end()
    if (why !== null) this.taker.complaint(why)
    for (const connection of this.connections.values()) this.close(connection)
    this.connections.clear()
    if (this.count.fragments > 0) this.taker.complaint(`${this.count.fragments} IP fragments of TCP were left out`)
  }

  private packet(bytes: Uint8Array, from: number, to: number, mark: Readonly<PacketMark>): void {
    this.mark = mark
    this.count.packets = mark.number
    const outcome = this.segment.read(bytes, from, to, mark.linkType)
    if (outcome === 'tcp') this.tcp(bytes)
    else if (outcome === 'fragment') this.count.fragments++
    else if (outcome === 'unknown link type' && !this.unknownLinks.has(mark.linkType)) {
      this.unknownLinks.add(mark.linkType)
      this.taker.complaint(`packets of link type ${mark.linkType} are not understood`)
    }
  }

  private tcp(bytes: Uint8Array): void {
    const { segment } = this
    const { port } = this.settings
    if (port !== null && segment.sourcePort !== port && segment.destinationPort !== port) return
    // Both directions have one key: the lower end first.
    const first = endsInOrder(segment, bytes)
    const key = keyOf(segment, bytes, first)
    let connection = this.connections.get(key)
    const side = first ? 0 : 1
    if (connection !== undefined && segment.syn && connection.begunElsewhere(side, segment.sequence)) {
      this.close(connection)
      this.connections.delete(key)
      connection = undefined
    }
    if (connection === undefined) {
      // Acknowledgments and farewells of a connection that never says anything need no memory.
      if (!segment.syn && segment.payloadLength === 0) return
      connection = this.open(key, bytes, first)
    }
    connection.lastPacket = this.mark.number
    const before = connection.waiting
    connection.segment(side, segment, bytes)
    this.waiting += connection.waiting - before
    if (this.waiting <= MOST_WAITING) return
    for (const other of this.connections.values()) other.giveUp()
    this.waiting = 0
  }

  private open(key: string, bytes: Uint8Array, first: boolean): Connection {
    if (this.connections.size >= MOST_CONNECTIONS) this.forgetOldest()
    const { segment } = this
    const source = endText(bytes, segment.sourceAt, segment.addressOctets, segment.sourcePort)
    const destination = endText(bytes, segment.destinationAt, segment.addressOctets, segment.destinationPort)
    const ends = first ? ([source, destination] as const) : ([destination, source] as const)
    const connection = new Connection(ends, this.settings.port !== null, this.settings, this.connectionTaker)
    this.connections.set(key, connection)
    return connection
  }

  private readonly connectionTaker: ConnectionTaker = {
    message: (connection, side, octets, streamOffset, cut) => {
      if (!connection.counted) this.count.connections++
      connection.counted = true
      const { number, seconds, nanoseconds } = this.mark
      const packet: FoundIn = { number, seconds, nanoseconds, from: connection.ends[side], to: connection.ends[side === 0 ? 1 : 0] }
      const context = connection.contexts[side]
      this.taker.message({ number: ++this.count.messages, octets, cut, streamOffset, context, packet })
    },
    skipped: (connection, side, length, why) => {
      if (!connection.counted && this.settings.port === null) return
      const [from, to] = side === 0 ? connection.ends : [connection.ends[1], connection.ends[0]]
      this.taker.complaint(`packet ${this.mark.number}, ${from} > ${to}: ${length} octets skipped: ${why}`)
    },
  }

  private close(connection: Connection): void {
    const before = connection.waiting
    connection.end()
    this.waiting += connection.waiting - before
  }

  /** Many at once, so that finding them costs little for each. */
  private forgetOldest(): void {
    const byAge = [...this.connections].sort(([, a], [, b]) => a.lastPacket - b.lastPacket)
    for (const [key, connection] of byAge.slice(0, MOST_CONNECTIONS / 4)) {
      this.close(connection)
      this.connections.delete(key)
    }
  }
}

/** Whether the source of a segment is the end that stands first in the key. */
function endsInOrder({ sourcePort, destinationPort, sourceAt, destinationAt, addressOctets }: TcpSegment, bytes: Uint8Array): boolean {
  if (sourcePort !== destinationPort) return sourcePort < destinationPort
  for (let i = 0; i < addressOctets; i++) {
    const difference = bytes[sourceAt + i]! - bytes[destinationAt + i]!
    if (difference !== 0) return difference < 0
  }
  return true
}

function keyOf(segment: TcpSegment, bytes: Uint8Array, first: boolean): string {
  const { sourceAt, destinationAt, addressOctets, sourcePort, destinationPort } = segment
  const a = first ? sourceAt : destinationAt
  const b = first ? destinationAt : sourceAt
  let key = first ? String.fromCharCode(sourcePort, destinationPort) : String.fromCharCode(destinationPort, sourcePort)
  for (let i = 0; i < addressOctets; i += 2) {
    key += String.fromCharCode((bytes[a + i]! << 8) | bytes[a + i + 1]!, (bytes[b + i]! << 8) | bytes[b + i + 1]!)
  }
  return key
}

function endText(bytes: Uint8Array, at: number, octets: number, port: number): string {
  const address = formatIp(bytes, at, octets)
  return octets === 4 ? `${address}:${port}` : `[${address}]:${port}`
}
