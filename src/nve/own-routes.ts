/**
 * The routes an edge announces, as octets for `Speaker.originate`: per VN an IMET (type 3) that asks for ingress replication, per tenant system
 * MAC/IP routes (type 2). RFC 7432 §7, RFC 8365 §5.1: the label fields hold the VNI, an Encapsulation community says VXLAN. Every VN has a route
 * distinguisher of its own, `routerId:number` (RFC 7432 §7.9), so that no two edges and no two VNs ever share a route key.
 */
import { parseIp } from '../address/ip.ts'
import { known } from '../address/parsed.ts'
import { formatRouterId } from '../address/router-id.ts'
import { copy, put8, put16 } from '../bytes/octets.ts'
import type { VnSettings } from '../domain/settings.ts'
import { AttributeCode, EXTENDED_LENGTH, OPTIONAL_TRANSITIVE, WELL_KNOWN } from '../wire/attribute/attribute.ts'
import { writeIngressReplication } from '../wire/attribute/pmsi-tunnel.ts'
import { TunnelType } from '../wire/community/encapsulation.ts'
import { writeExtendedCommunity } from '../wire/community/table.ts'
import { writeEvpn } from '../wire/nlri/evpn/evpn.ts'
import { LONGEST_NLRI, type NlriView } from '../wire/nlri/family.ts'
import type { Claim } from './claim.ts'
import type { EdgeSettings } from './settings.ts'

/** Canonical path attributes without LOCAL_PREF, and one NLRI. */
export interface OwnRoute {
  readonly attributes: Uint8Array
  readonly nlri: Uint8Array
}

/** What is said of a MAC's moves. */
export type OwnMobility = Omit<Claim, 'vtep'>

const UNMOVED: OwnMobility = { sticky: false, sequence: 0 }
const IGP = 0
const IPV4_RD = 1
const NO_TAG = 0

export class OwnRoutes {
  /** Octets of the VTEP address: next hop of every route. */
  readonly vtep: Uint8Array
  private readonly settings: EdgeSettings

  constructor(settings: EdgeSettings) {
    this.settings = settings
    this.vtep = known(parseIp(settings.vtep))
  }

  /** The IMET route of a VN: frames for everybody in it may be sent here. */
  imet(vn: VnSettings): OwnRoute {
    const pmsi = new Uint8Array(5 + this.vtep.length)
    writeIngressReplication(vn.vni, this.vtep, pmsi, 0)
    return {
      attributes: attributes(this.communities(vn, UNMOVED), pmsi),
      nlri: nlri({ routeType: 3, ...this.rd(vn), ethernetTag: NO_TAG, ip: this.settings.vtep }),
    }
  }

  /** A tenant system's MAC, alone (`ip` null) or with an address. Sequence 0 of one that may move goes without the MAC Mobility community (RFC 7432 §15). */
  macIp(vn: VnSettings, mac: string, ip: string | null, mobility: OwnMobility): OwnRoute {
    return {
      attributes: attributes(this.communities(vn, mobility), null),
      nlri: nlri({ routeType: 2, ...this.rd(vn), ethernetTag: NO_TAG, mac, ip, vni1: vn.vni }),
    }
  }

  private rd(vn: VnSettings): { rdType: number; rd: string } {
    return { rdType: IPV4_RD, rd: `${formatRouterId(this.settings.speaker.routerId)}:${1 + this.settings.vns.indexOf(vn)}` }
  }

  private communities(vn: VnSettings, { sticky, sequence }: OwnMobility): Uint8Array {
    const out = new Uint8Array(8 * (vn.exportTargets.length + 2))
    let end = 0
    for (const target of vn.exportTargets) end = copy(target, 0, 8, out, end)
    end = writeExtendedCommunity({ name: 'encapsulation', tunnelType: TunnelType.vxlan }, out, end)
    if (sticky || sequence > 0) end = writeExtendedCommunity({ name: 'mac-mobility', sticky, sequence }, out, end)
    return out.subarray(0, end)
  }
}

function attributes(communities: Uint8Array, pmsi: Uint8Array | null): Uint8Array {
  const out = new Uint8Array(64 + communities.length + (pmsi?.length ?? 0))
  let end = attribute(AttributeCode.origin, WELL_KNOWN, Uint8Array.of(IGP), out, 0)
  end = attribute(AttributeCode.asPath, WELL_KNOWN, new Uint8Array(0), out, end)
  end = attribute(AttributeCode.extCommunities, OPTIONAL_TRANSITIVE, communities, out, end)
  if (pmsi !== null) end = attribute(AttributeCode.pmsiTunnel, OPTIONAL_TRANSITIVE, pmsi, out, end)
  return out.subarray(0, end)
}

function attribute(code: number, flags: number, value: Uint8Array, out: Uint8Array, at: number): number {
  const long = value.length > 255
  const head = put8(out, put8(out, at, long ? flags | EXTENDED_LENGTH : flags), code)
  return copy(value, 0, value.length, out, long ? put16(out, head, value.length) : put8(out, head, value.length))
}

function nlri(view: NlriView): Uint8Array {
  const out = new Uint8Array(LONGEST_NLRI)
  return out.slice(0, writeEvpn(view, out, 0))
}
