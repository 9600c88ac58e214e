/**
 * An edge (NVE) without a data plane: it speaks BGP with its NVAs, announces the tenant systems attached to it and holds the mappings it learns.
 * Pure: the world is handed in, so that the program, the demo and the simulation run the same thing.
 */
import { formatIp, parseIp } from '../address/ip.ts'
import { formatMac, parseMac } from '../address/mac.ts'
import { formatUnreadable, known } from '../address/parsed.ts'
import type { VnSettings } from '../domain/settings.ts'
import { Speaker, type SpeakerEvents } from '../speaker/speaker.ts'
import type { World } from '../speaker/world.ts'
import { evpn } from '../wire/nlri/evpn/evpn.ts'
import { compareClaims } from './claim.ts'
import { type Mapping, type MappingChange, MappingTable } from './mapping-table.ts'
import { type OwnRoute, OwnRoutes } from './own-routes.ts'
import type { EdgeSettings } from './settings.ts'

/** A tenant system attached here. */
export interface TenantSystem {
  /** Name of the VN. */
  readonly vn: string
  readonly mac: string
  readonly ips: readonly string[]
  /** MAC mobility sequence it is announced with. */
  readonly sequence: number
  /** It must not move (RFC 7432 §15.2): it is announced as sticky. */
  readonly sticky: boolean
}

/** What an operation gives: the tenant system as it is afterwards (or was last), or why nothing was done. */
export type Outcome = { readonly ok: true; readonly tenant: TenantSystem } | { readonly ok: false; readonly why: string }

export interface EdgeEvents extends Pick<SpeakerEvents, 'state' | 'note' | 'refused'> {
  /** The mapping table is different. */
  mapping(change: MappingChange): void
  /** A tenant system attached here has turned up at another NVE and is not announced from here any more. */
  movedAway(tenant: TenantSystem, to: Mapping): void
}

const LAST_SEQUENCE = 0xffffffff
const GROUP_BIT = 1

export class Edge {
  readonly settings: EdgeSettings
  readonly speaker: Speaker
  readonly table: MappingTable
  private readonly own: OwnRoutes
  private readonly attached = new Map<string, TenantSystem>()
  private readonly world: World
  private readonly events: Partial<EdgeEvents>

  constructor(settings: EdgeSettings, world: World, events: Partial<EdgeEvents>) {
    this.settings = settings
    this.world = world
    this.events = events
    this.own = new OwnRoutes(settings)
    this.speaker = new Speaker(settings.speaker, evpn, world, new Map(), {
      state: (peer, from, to) => events.state?.(peer, from, to),
      note: (peer, why, met) => events.note?.(peer, why, met),
      refused: (remote, why) => events.refused?.(remote, why),
      changed: (changes) => this.hear(this.table.follow(changes)),
    })
    this.table = new MappingTable(settings.vns, this.speaker.rib)
    for (const vn of settings.vns) if (vn.service === 'l2') this.announce(this.own.imet(vn))
  }

  /** Starts the sessions with the NVAs. */
  start(): void {
    this.speaker.start()
  }

  /** Ends them with Cease; the NVAs withdraw everything announced from here. */
  stop(message: string): void {
    this.speaker.stop(message)
  }

  /** Tenant systems attached here, in the order they came. */
  get tenants(): TenantSystem[] {
    return [...this.attached.values()]
  }

  /**
   * Attaches a tenant system, or adds an address to one that is attached. A MAC that another NVE has is taken over with a sequence one above
   * theirs (RFC 7432 §15), unless it is sticky there (§15.2).
   */
  attach(vn: string, mac: string, ip: string | null): Outcome {
    return this.claim(vn, mac, ip, false)
  }

  /** The same of one that must not move, as a switch does with a static entry. One that is attached already stays what it is. */
  attachSticky(vn: string, mac: string, ip: string | null): Outcome {
    return this.claim(vn, mac, ip, true)
  }

  private claim(vn: string, mac: string, ip: string | null, asSticky: boolean): Outcome {
    const place = this.place(vn, mac)
    if ('why' in place) return refuse(place.why)
    const address = ip === null ? null : parseIp(ip)
    if (address !== null && !address.ok) return refuse(formatUnreadable(address))
    const ipText = address === null ? null : formatIp(address.value)
    const { key, macText } = place
    const here = this.attached.get(key)
    if (here !== undefined && (ipText === null || here.ips.includes(ipText))) {
      return refuse(`${macText}${ipText === null ? '' : ` with ${ipText}`} is attached to ${vn} here already`)
    }
    const elsewhere = here === undefined ? this.table.find(vn, macText) : null
    if (elsewhere?.sticky) return refuse(`${macText} is sticky at ${elsewhere.vtep}: it must not move (RFC 7432 15.2)`)
    if (elsewhere?.sequence === LAST_SEQUENCE)
      return refuse(`${macText} is at ${elsewhere.vtep} with the last MAC mobility sequence there is`)
    const sequence = here?.sequence ?? (elsewhere === null ? 0 : elsewhere.sequence + 1)
    const sticky = here?.sticky ?? asSticky
    const tenant: TenantSystem = { vn, mac: macText, ips: [...(here?.ips ?? []), ...(ipText === null ? [] : [ipText])], sequence, sticky }
    this.attached.set(key, tenant)
    if (here === undefined) this.announce(this.own.macIp(place.vn, macText, null, tenant))
    if (ipText !== null) this.announce(this.own.macIp(place.vn, macText, ipText, tenant))
    return { ok: true, tenant }
  }

  /** Detaches a tenant system with all its addresses. */
  detach(vn: string, mac: string): Outcome {
    const place = this.place(vn, mac)
    if ('why' in place) return refuse(place.why)
    const tenant = this.attached.get(place.key)
    if (tenant === undefined) return refuse(`${place.macText} is not attached to ${vn} here`)
    this.withdraw(place.key, place.vn, tenant)
    return { ok: true, tenant }
  }

  private place(name: string, mac: string): { vn: VnSettings; macText: string; key: string } | { why: string } {
    const vn = this.settings.vns.find((other) => other.name === name)
    if (vn === undefined) {
      const names = this.settings.vns.map((other) => other.name).join(', ')
      return { why: `this edge has no VN ${JSON.stringify(name)}; it has ${names === '' ? 'none' : names}` }
    }
    if (vn.service !== 'l2') return { why: `${name} is an l3 VN: tenant systems are attached to l2 VNs` }
    const octets = parseMac(mac)
    if (!octets.ok) return { why: formatUnreadable(octets) }
    const macText = formatMac(octets.value)
    if (octets.value[0]! & GROUP_BIT) return { why: `${macText} is a group address, not that of a tenant system` }
    return { vn, macText, key: `${name} ${macText}` }
  }

  private withdraw(key: string, vn: VnSettings, tenant: TenantSystem): void {
    this.attached.delete(key)
    for (const ip of [null, ...tenant.ips]) this.speaker.own.retract(this.own.macIp(vn, tenant.mac, ip, tenant).nlri)
  }

  private announce({ attributes, nlri }: OwnRoute): void {
    this.speaker.own.originate(this.own.vtep, attributes, nlri)
  }

  private hear(changes: readonly MappingChange[]): void {
    for (const change of changes) {
      this.events.mapping?.(change)
      // The RIB is still busy with this batch: what follows from it waits for the next turn.
      if (change.after !== null && this.attached.has(`${change.vn} ${change.mac}`))
        this.world.soon(() => this.settle(change.vn, change.mac))
    }
  }

  /** A MAC attached here that another NVE claims: the better claim stays (RFC 7432 §15). */
  private settle(name: string, mac: string): void {
    const key = `${name} ${mac}`
    const tenant = this.attached.get(key)
    const remote = this.table.find(name, mac)
    const vn = this.settings.vns.find((other) => other.name === name)
    if (tenant === undefined || remote === null || vn === undefined) return
    const there = { ...remote, vtep: known(parseIp(remote.vtep)) }
    if (compareClaims(there, { sticky: tenant.sticky, sequence: tenant.sequence, vtep: this.own.vtep }) <= 0) return
    this.withdraw(key, vn, tenant)
    this.events.movedAway?.(tenant, remote)
  }
}

function refuse(why: string): Outcome {
  return { ok: false, why }
}
