/** A world by hand: a clock that is moved, and peers that say what the test says, octet by octet. */
import type { PeerSettings } from '../../src/speaker/settings.ts'
import type { Alarm, Link, LinkHandlers, World } from '../../src/speaker/world.ts'
import { writeOpen } from '../../src/wire/open.ts'
import { message, u16Octets, u32Octets } from '../wire/update-octets.ts'

interface Task {
  readonly at: number
  readonly run: () => void
}

export class ScriptedWorld implements World {
  time = 0
  private tasks: Task[] = []

  now(): number {
    return this.time
  }

  random(): number {
    return 0.5
  }

  after(ms: number, then: () => void): Alarm {
    const task = { at: this.time + ms, run: then }
    this.tasks.push(task)
    return {
      cancel: () => {
        this.tasks = this.tasks.filter((other) => other !== task)
      },
    }
  }

  soon(then: () => void): void {
    this.after(0, then)
  }

  dial(): Alarm {
    return { cancel: () => {} }
  }

  /** Lets `ms` pass. */
  pass(ms: number): void {
    const end = this.time + ms
    for (;;) {
      const next = this.tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.tasks = this.tasks.filter((other) => other !== next)
      this.time = Math.max(this.time, next.at)
      next.run()
    }
    this.time = end
  }
}

/** The far end of a connection. */
export class ScriptedPeer implements Link {
  readonly local = { address: '192.0.2.1', port: 179 }
  readonly remote: { readonly address: string; readonly port: number }
  /** Octets that the near end believes not yet taken. */
  pending = 0
  closed = false
  handlers: LinkHandlers | null = null
  private heard: number[] = []

  constructor(address: string) {
    this.remote = { address, port: 40000 }
  }

  write(octets: Uint8Array): void {
    this.heard.push(...octets)
  }

  pause(): void {}
  resume(): void {}
  giveWay(): void {}

  close(): void {
    this.closed = true
  }

  say(...messages: readonly Uint8Array[]): void {
    for (const octets of messages) this.handlers?.received(octets)
  }

  /** OPEN and KEEPALIVE. Without `fourOctetAs` as an old speaker. */
  greet(asn: number, routerId: number, { fourOctetAs = true, refresh = false, holdTimeSeconds = 0 } = {}): void {
    const capabilities = [{ code: 1, value: Uint8Array.of(0, 25, 0, 70) }]
    if (fourOctetAs) capabilities.push({ code: 65, value: Uint8Array.from(u32Octets(asn)) })
    if (refresh) capabilities.push({ code: 2, value: new Uint8Array(0) })
    const out = new Uint8Array(200)
    const end = writeOpen({ version: 4, myAs: asn > 65535 ? 23456 : asn, holdTimeSeconds, routerId, capabilities }, out, 0)
    this.say(out.slice(0, end), message(4, []))
  }

  /** Bodies of the messages of one type that came since the last call; the others are forgotten with them. */
  take(type: number): Uint8Array[] {
    const found: Uint8Array[] = []
    for (let at = 0; at < this.heard.length; ) {
      const length = this.heard[at + 16]! * 256 + this.heard[at + 17]!
      if (this.heard[at + 18] === type) found.push(Uint8Array.from(this.heard.slice(at + 19, at + length)))
      at += length
    }
    this.heard = []
    return found
  }
}

export function peerSettings(name: string, address: string, asn: number, more: Partial<PeerSettings> = {}): PeerSettings {
  return {
    name,
    address,
    role: 'nve',
    group: null,
    domain: null,
    asn,
    port: 179,
    passive: true,
    localAddress: null,
    password: null,
    routeReflectorClient: true,
    profile: null,
    importPolicy: null,
    exportPolicy: null,
    holdTimeSeconds: 0,
    connectRetrySeconds: 30,
    sendHoldSeconds: 0,
    ...more,
  }
}

export const refreshRequest = () => message(5, [...u16Octets(25), 0, 70])
