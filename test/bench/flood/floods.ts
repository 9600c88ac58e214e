/** The kinds of flood. */
import type { FederationView } from '../../../src/api/schema/federation.ts'
import type { FloodSettings } from './routes.ts'

export interface Flood {
  readonly sent: FloodSettings
  /** `limits` on the other domain in the configuration; null: none. */
  readonly limits: string | null
  /** Whether the VN crosses through a gateway of ours; else NVE to NVE. */
  readonly gateway: boolean
  /** What fednva must tell of it afterwards and does not, in words; null: all is as it must be. */
  wrong(view: FederationView, changes: number): string | null
}

const SHARED = { shared: true, macs: 20_000, unpacked: false }

const limitOf = (view: FederationView) => view.domains[0]?.limits[0]
const excessIn = (view: FederationView) =>
  limitOf(view)?.excess === 0 ? null : `something of ${SHARED.macs} routes was too much for a limit of 50,000`
const refusedIn = (view: FederationView) => Object.values(view.domains[0]?.refused ?? {}).reduce((sum, count) => sum + count, 0)

export const FLOODS = {
  /** All of it is within the limits, and both NVEs are told all of it. */
  within: {
    sent: SHARED,
    limits: '{ routes: 50000 }',
    gateway: false,
    wrong: excessIn,
  },
  /** Each change with attributes of its own, one in an UPDATE. */
  unpacked: {
    sent: { ...SHARED, unpacked: true },
    limits: '{ routes: 50000 }',
    gateway: false,
    wrong: excessIn,
  },
  /** Of each route another one is made, which says that the MAC is behind the gateway. */
  gateway: {
    sent: SHARED,
    limits: '{ routes: 50000 }',
    gateway: true,
    wrong: (view) =>
      view.domains[0]?.vns[0]?.routesOut ? excessIn(view) : 'no route has been made that says that local MACs are behind the gateway',
  },
  /** Far more changes than the limit: they wait. */
  rate: {
    sent: SHARED,
    limits: '{ routes: 50000, changesPerSecond: 500, burst: 500, onExcess: hold }',
    gateway: false,
    wrong: (view, changes) => {
      const excess = limitOf(view)?.excess ?? 0
      return excess > 0.1 * changes ? null : `only ${excess} of ${changes} changes were too much for 500 a second`
    },
  },
  /** Of a VN that is not shared: dropped by the agreement. */
  unshared: {
    sent: { ...SHARED, shared: false },
    limits: null,
    gateway: false,
    wrong: (view) =>
      view.domains[0]?.vns.some(({ routesIn }) => routesIn > 0)
        ? `routes of a VN that is not shared are in use (${refusedIn(view)} refused)`
        : null,
  },
} as const satisfies Readonly<Record<string, Flood>>

export type FloodName = keyof typeof FLOODS
export const FLOOD_NAMES = Object.keys(FLOODS) as FloodName[]
