/**
 * A BGP speaker with no opinions: it dials, brings the session up, says what the test tells it to, and keeps what it hears. Its hold time is 0, so
 * that no timer runs.
 */
import { known } from '../../src/address/parsed.ts'
import { parseRouterId } from '../../src/address/router-id.ts'
import { copyOf } from '../../src/bytes/octets.ts'
import { buildOpen } from '../../src/session/offer.ts'
import type { Link } from '../../src/speaker/world.ts'
import { HEADER_LENGTH, MAX_EXTENDED_MESSAGE, MAX_MESSAGE, MessageCutter, MessageType } from '../../src/wire/framing.ts'
import { type MessageView, readMessage, writeMessage } from '../../src/wire/message.ts'
import { L2VPN_EVPN } from '../../src/wire/negotiated.ts'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import type { NlriView } from '../../src/wire/nlri/family.ts'
import { writeOpen } from '../../src/wire/open.ts'
import type { AttributesFields, AttributesView, UpdateView } from '../../src/wire/update-view.ts'
import type { Region } from './region.ts'

export interface ScriptedSettings {
  readonly address: string
  readonly asn: number
  readonly peerAs: number
  /** The speaker to dial, at port 179. */
  readonly to: string
  /** Without the capability for 4-octet AS numbers (RFC 6793). */
  readonly old?: boolean
  /** Without the capability for messages of more than 4096 octets (RFC 8654). */
  readonly short?: boolean
}

const FOUR_OCTET_AS = 65
const EXTENDED_MESSAGE = 6
const VXLAN = { name: 'encapsulation', tunnelType: 8 }

export class ScriptedPeer {
  readonly settings: ScriptedSettings
  /** Everything heard after the OPEN and the first KEEPALIVE, in order. */
  readonly heard: MessageView[] = []
  /** What is announced to us now: attributes by `rd [type]...`. */
  readonly table = new Map<string, AttributesView>()
  private readonly nlri = new Map<string, NlriView>()
  /** UPDATEs heard. */
  updates = 0
  up = false
  /** Why the connection ended. */
  closed: string | null = null
  private readonly region: Region
  private readonly cutter = new MessageCutter()
  private link: Link | null = null

  constructor(region: Region, settings: ScriptedSettings) {
    this.region = region
    this.settings = settings
    this.cutter.maxReceive = settings.short ? MAX_MESSAGE : MAX_EXTENDED_MESSAGE
  }

  dial(): this {
    const { address, to } = this.settings
    this.region.host(address).dial(
      { address: to, port: 179, localAddress: address, password: null },
      (link) => {
        this.link = link
        this.sendOpen()
        return {
          received: (octets) => {
            const fault = this.cutter.push(octets, (bytes, from, end) => this.hear(copyOf(bytes, from, end)))
            if (fault !== null) throw new Error(`the speaker sends what cannot be cut: ${fault.why}`)
          },
          drained: () => {},
          closed: (why) => {
            this.up = false
            this.closed = why
          },
        }
      },
      (why) => {
        this.closed = why
      },
    )
    return this
  }

  /** Messages of a type, in order. */
  all<T extends MessageView['type']>(type: T): Extract<MessageView, { type: T }>[] {
    return this.heard.filter((message): message is Extract<MessageView, { type: T }> => message.type === type)
  }

  /** Routes that are announced to us now. */
  routes(): NlriView[] {
    return [...this.nlri.values()]
  }

  /** The announcement of the first route whose text contains `part`. */
  announced(part: string): AttributesView | undefined {
    return [...this.table].find(([route]) => route.includes(part))?.[1]
  }

  /** Announces routes; `attributes` are added to the usual ones of a route made here. */
  announce(
    nlri: readonly NlriView[],
    targets: readonly string[],
    attributes: AttributesFields = {},
    nextHop = this.settings.address,
  ): void {
    const { asn, peerAs } = this.settings
    const internal = asn === peerAs
    const update = {
      type: 'UPDATE' as const,
      attributes: {
        origin: 'igp' as const,
        asPath: internal ? [] : [{ type: 'sequence' as const, asns: [asn] }],
        ...(internal ? { localPref: 100 } : {}),
        extCommunities: [...targets.map((target) => ({ name: 'route-target', ...targetFields(target) })), VXLAN],
        mpReach: { ...L2VPN_EVPN, nextHop, nlri },
        ...attributes,
      },
    }
    this.write(writeMessage(update, this.context))
  }

  withdraw(nlri: readonly NlriView[]): void {
    this.write(writeMessage({ type: 'UPDATE', attributes: { mpUnreach: { ...L2VPN_EVPN, nlri } } }, { fourOctetAs: true, internal: true }))
  }

  /** ROUTE-REFRESH, RFC 2918. */
  refresh(): void {
    this.write(writeMessage({ type: 'ROUTE-REFRESH', ...L2VPN_EVPN, subtype: 0 }, { fourOctetAs: true, internal: true }))
  }

  write(octets: Uint8Array): void {
    this.link?.write(octets)
  }

  private get context() {
    const { old, asn, peerAs } = this.settings
    return { fourOctetAs: old !== true, internal: asn === peerAs }
  }

  private sendOpen(): void {
    const { asn, peerAs, address } = this.settings
    const out = new Uint8Array(4096)
    const open = buildOpen({
      localAs: asn,
      peerAs,
      routerId: known(parseRouterId(address)),
      hostname: 'scripted',
      families: [L2VPN_EVPN],
      holdTimeSeconds: 0,
      connectRetrySeconds: 5,
      sendHoldSeconds: 0,
      passive: false,
    })
    const { old, short } = this.settings
    const left = [...(old ? [FOUR_OCTET_AS] : []), ...(short ? [EXTENDED_MESSAGE] : [])]
    const capabilities = open.capabilities.filter(({ code }) => !left.includes(code))
    this.write(out.slice(0, writeOpen({ ...open, capabilities }, out, 0)))
  }

  private hear(bytes: Uint8Array): boolean {
    const type = bytes[HEADER_LENGTH - 1]
    const { message, faults } = readMessage(bytes, { ...this.context, extendedMessage: true })
    if (faults.length > 0 || message === null) throw new Error(`the speaker sends a faulty message: ${JSON.stringify(faults)}`)
    if (type === MessageType.open) {
      this.write(writeMessage({ type: 'KEEPALIVE' }, this.context))
      return true
    }
    if (type === MessageType.keepalive && !this.up) {
      this.up = true
      return true
    }
    this.heard.push(message)
    if (message.type === 'UPDATE') this.learn(message)
    return true
  }

  private learn({ attributes }: UpdateView): void {
    this.updates++
    for (const route of listed(attributes.mpUnreach)) this.table.delete(evpn.format(route))
    for (const route of listed(attributes.mpReach)) this.table.set(evpn.format(route), attributes)
    for (const route of listed(attributes.mpUnreach)) this.nlri.delete(evpn.format(route))
    for (const route of listed(attributes.mpReach)) this.nlri.set(evpn.format(route), route)
  }
}

/** A MAC/IP route of an NVE, RD `address:1`. */
export function macRoute(address: string, mac: string, ip: string | null = null, vni = 10100): NlriView {
  return { routeType: 2, rdType: 1, rd: `${address}:1`, ethernetTag: 0, mac, ip, vni1: vni }
}

function listed(list: AttributesView['mpReach'] | AttributesView['mpUnreach']): NlriView[] {
  return list !== undefined && 'nlri' in list ? (list.nlri as NlriView[]) : []
}

function targetFields(target: string): object {
  const [as = '', number = ''] = target.split(':')
  return { hex: `0002${Number(as).toString(16).padStart(4, '0')}${Number(number).toString(16).padStart(8, '0')}` }
}
