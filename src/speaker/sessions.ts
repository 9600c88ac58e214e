/** Sessions come and go: what a peer is given in the RIB and among the update groups when its session is Established, and what becomes of it afterwards. */
import { parseIp } from '../address/ip.ts'
import type { Self, Source } from '../advertise/exporter/exporters.ts'
import type { MemberLink } from '../advertise/members/member.ts'
import type { Origin } from '../policy/modules/module.ts'
import type { Rib } from '../rib/rib.ts'
import type { Agreed } from '../session/door.ts'
import { MessageType } from '../wire/framing.ts'
import { type Boundaries, type BoundaryPolicy, boundaryTo } from './boundary-policy.ts'
import type { Belongings } from './export/belonging.ts'
import type { SpeakerGroups } from './export/speaker-groups.ts'
import { importBase } from './import/import-base.ts'
import { Inbound } from './import/inbound.ts'
import type { Intake } from './import/intake.ts'
import type { Connection } from './peers/connection.ts'
import type { Peer } from './peers/peer.ts'
import type { AttachedPolicies } from './policies/attached-policies.ts'
import type { Sources } from './sources/sources.ts'
import type { StaleRoutes } from './sources/stale-routes.ts'
import type { World } from './world.ts'

/** What a session has to do with. */
export interface Surroundings {
  readonly world: World
  readonly self: Self
  readonly rib: Rib
  readonly boundaries: Boundaries
  readonly sources: Sources
  readonly stale: StaleRoutes
  readonly policies: AttachedPolicies
  readonly intake: Intake
  readonly groups: SpeakerGroups
  readonly belongings: Belongings
  /** The routes of a peer id go, and then the id is free. */
  leave(id: number): void
}

export class Sessions {
  private readonly around: Surroundings

  constructor(surroundings: Surroundings) {
    this.around = surroundings
  }

  /** The session of a peer is Established. */
  up(peer: Peer, connection: Connection, agreed: Agreed): void {
    const { world, rib, boundaries, sources, stale, policies, groups, belongings } = this.around
    const { settings } = peer
    const id = stale.takeUp(settings.name) ?? sources.ids.take()
    const address = parseIp(settings.address)
    const external = !agreed.internal
    const boundary = boundaryTo(boundaries, settings.domain)
    // However much another domain has to say, local NVEs do not wait for it.
    if (boundary !== undefined) connection.link.giveWay()
    const admission = boundary?.admission(rib, world.now()) ?? null
    const ribPeer = { id, external, routerId: agreed.peerRouterId, address: address.ok ? address.value : new Uint8Array(4) }
    rib.addPeer(admission === null ? ribPeer : { ...ribPeer, admission })
    const gate = policies.importGateOf(settings)
    const inbound = this.inboundOf(id, peer, agreed, boundary)
    inbound.counted = policies.countedBy(gate)
    const source: Source = { external, client: settings.routeReflectorClient, routerId: agreed.peerRouterId, domain: settings.domain }
    const group = groups.of(belongings.of(source, agreed, settings))
    const member = group.members.join(id, this.linkOf(connection, boundary), 'end-of-rib')
    const origin = originOf(peer, external)
    sources.begin({ ...source, origin, gate, peer, agreed, inbound, group, member, admission, told: false })
  }

  /** The session of a peer has ended. `unwanted`: it is we who ended it. */
  down(peer: Peer, unwanted: boolean): void {
    const { sources, stale, groups, intake } = this.around
    const attachment = sources.sessionOf(peer)
    if (attachment === undefined) return
    const { inbound, group, member, domain } = attachment
    sources.end(peer)
    group.members.leave(member)
    groups.dropIfEmpty(group)
    intake.close(inbound)
    const staleMs = unwanted ? 0 : 1000 * this.staleSecondsOf(domain)
    if (domain !== null && staleMs > 0) stale.keep(domain, peer.settings.name, inbound.peer, staleMs)
    else this.around.leave(inbound.peer)
  }

  /** The peer with this id has told all it has (End-of-RIB). */
  told(id: number): void {
    const { sources, stale } = this.around
    const attachment = sources.attachments[id]
    if (attachment === undefined) return
    attachment.told = true
    if (attachment.domain !== null) stale.told(attachment.domain)
  }

  private inboundOf(id: number, peer: Peer, agreed: Agreed, boundary: BoundaryPolicy | undefined): Inbound {
    const { self, rib, sources, policies } = this.around
    const base = importBase(rib.sets, self, peer.settings.asn, !agreed.internal, boundary)
    const judge = policies.judge(base, () => sources.attachments[id]?.gate ?? null)
    const inbound = new Inbound(id, agreed, agreed.families, judge, boundary?.typeVerdicts ?? null, peer.faults)
    inbound.base = base
    return inbound
  }

  private linkOf(connection: Connection, boundary: BoundaryPolicy | undefined): MemberLink {
    const { link } = connection
    return {
      write: (octets, messages) => connection.write(octets, MessageType.update, messages),
      get pending() {
        return link.pending
      },
      pace: boundary?.pace(() => this.around.world.now()) ?? null,
    }
  }

  /** How long the routes of a session that has ended stand: while another one of its domain has told all, not at all. */
  private staleSecondsOf(domain: string | null): number {
    const { sources, boundaries } = this.around
    for (const other of sources.standing) if (other.domain === domain && other.told) return 0
    return boundaryTo(boundaries, domain)?.staleSeconds ?? 0
  }
}

/** A peer, as policy sees where its routes come from. */
function originOf({ settings: { name, group, domain, asn } }: Peer, external: boolean): Origin {
  return { name, group, domain, asn, external }
}
