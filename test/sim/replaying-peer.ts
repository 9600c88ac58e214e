/** A peer that says octets from a capture as they are, and keeps the octets it hears. */
import { known } from '../../src/address/parsed.ts'
import { parseRouterId } from '../../src/address/router-id.ts'
import { buildOpen } from '../../src/session/offer.ts'
import type { Link } from '../../src/speaker/world.ts'
import { L2VPN_EVPN } from '../../src/wire/negotiated.ts'
import { writeOpen } from '../../src/wire/open.ts'
import type { Region } from './region.ts'

const OPEN = 1
const TYPE_AT = 18
const LENGTH_AT = 16
const KEEPALIVE = Uint8Array.from([...new Array<number>(16).fill(0xff), 0, 19, 4])

export class ReplayingPeer {
  /** Whole messages, in order. */
  readonly heard: Uint8Array[] = []
  link: Link | null = null
  closed = false
  private rest = new Uint8Array(0)
  private readonly answersOpen: boolean

  /** Dials `to`. `plain`: brings the session up by itself, with a hold time of 0, so that no timer runs. */
  constructor(region: Region, address: string, to: string, plain: { readonly asn: number; readonly peerAs: number } | null) {
    this.answersOpen = plain !== null
    region.host(address).dial(
      { address: to, port: 179, localAddress: address, password: null },
      (link) => {
        this.link = link
        if (plain !== null) link.write(plainOpen(address, plain.asn, plain.peerAs))
        return {
          received: (octets) => this.hear(octets),
          drained: () => {},
          closed: () => {
            this.closed = true
          },
        }
      },
      (why) => {
        throw new Error(`${address} cannot reach ${to}: ${why}`)
      },
    )
  }

  private hear(octets: Uint8Array): void {
    const all = new Uint8Array([...this.rest, ...octets])
    let at = 0
    for (let length = lengthAt(all, at); at + length <= all.length; length = lengthAt(all, at)) {
      const message = all.slice(at, at + length)
      this.heard.push(message)
      if (message[TYPE_AT] === OPEN && this.answersOpen) this.link?.write(KEEPALIVE)
      at += length
    }
    this.rest = all.slice(at)
  }
}

function lengthAt(octets: Uint8Array, at: number): number {
  return at + TYPE_AT >= octets.length ? Number.POSITIVE_INFINITY : octets[at + LENGTH_AT]! * 256 + octets[at + LENGTH_AT + 1]!
}

function plainOpen(address: string, asn: number, peerAs: number): Uint8Array {
  const out = new Uint8Array(4096)
  const open = buildOpen({
    localAs: asn,
    peerAs,
    routerId: known(parseRouterId(address)),
    hostname: 'replaying',
    families: [L2VPN_EVPN],
    holdTimeSeconds: 0,
    connectRetrySeconds: 5,
    sendHoldSeconds: 0,
    passive: false,
  })
  return out.slice(0, writeOpen(open, out, 0))
}
