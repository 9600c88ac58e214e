import type { ExplainQuery, RouteQuery } from './route-query.ts'
import type { ErrorsAnswer } from './schema/errors.ts'
import type { ExplainRow } from './schema/explain.ts'
import type { FederationView } from './schema/federation.ts'
import type { FrozenMacsAnswer } from './schema/frozen.ts'
import type { GatewayRow } from './schema/gateways.ts'
import type { ModuleRow } from './schema/modules.ts'
import type { NveRow } from './schema/nves.ts'
import type { PeerRow } from './schema/peers.ts'
import type { PolicyRow } from './schema/policies.ts'
import type { PolicyDiffAnswer } from './schema/policy-diff.ts'
import type { ReloadAnswer } from './schema/reload.ts'
import type { RouteRow } from './schema/routes.ts'
import type { StatusView } from './schema/status.ts'
import type { VnRow } from './schema/vns.ts'

/** What the API asks of the daemon. Each question is answered from what stands at that moment and keeps nothing. */
export interface ApiSource {
  status(): StatusView
  peers(): readonly PeerRow[]
  /**
   * Walks the routes behind the cursor `after` (null: from the start), one position a step, in an order that stays the same while the RIB
   * changes. A cursor is the source's own text; that of a route which is gone stands for its place. The walk is left when the page is full or
   * its time is up, always within one turn. The source may answer null for a route that `query` leaves out, to spare itself the row; the
   * server holds every row against the query anyway.
   */
  routes(query: RouteQuery, after: string | null): Iterable<RoutePosition>
  /** Walks, as `routes` does, the ways of routes through policy, to and from one peer. */
  explain(query: ExplainQuery, after: string | null): Iterable<ExplainPosition>
  policies(): readonly PolicyRow[]
  /** Policy modules of the operator's own. */
  modules(): readonly ModuleRow[]
  /**
   * What the configuration file at `candidate` (from the root) would do to the routes that are held, with `limit` of them as rows at most. Nothing is applied. Takes
   * as long as it takes, in slices.
   */
  policyDiff(candidate: string, limit: number): Promise<PolicyDiffAnswer>
  vns(): readonly VnRow[]
  nves(): readonly NveRow[]
  /** `examples`: see `federationView`. Default: true. */
  federation(examples?: boolean): FederationView
  /** Data gateways, and where each has to flood. */
  gateways(): readonly GatewayRow[]
  /** Somebody says of a gateway (its address) that it is up or down; null: its session counts again. Returns whether there is such a gateway. */
  sayGateway(address: string, up: boolean | null): boolean
  /** MACs that moved between domains too often. */
  frozen(): FrozenMacsAnswer
  /** Somebody has looked after one of them, by the name of the VN and the MAC as text. Returns whether it was frozen. */
  thaw(vn: string, mac: string): boolean
  /**
   * Ends the session of a peer, by its name or address, and begins anew; `soft`: has all told again instead, in both directions. Returns why it could not, in words;
   * null: it is done.
   */
  resetPeer(peer: string, soft: boolean): string | null
  /** Messages in which something was wrong, oldest first. */
  errors(): ErrorsAnswer
  /** Reads the configuration file again and applies it, all or nothing. */
  reload(): Promise<ReloadAnswer>
}

export interface ExplainPosition {
  readonly cursor: string
  /** What is held against the query; null: nothing is here. */
  readonly route: Pick<RouteRow, 'routeType' | 'rd' | 'mac' | 'ip' | 'prefix'> | null
  /** Made when it is wanted. */
  readonly row: () => ExplainRow | null
}

export interface RoutePosition {
  readonly cursor: string
  readonly row: RouteRow | null
}
