/** FRR's `show bgp l2vpn evpn route detail json`, flattened to one entry per path. */
import type { Evpn } from './frr.ts'

export interface EvpnPath {
  readonly rd: string
  /** FRR's text: `[2]:[0]:[48]:[MAC]:[32]:[IP]`. */
  readonly prefix: string
  readonly type: number
  readonly mac: string | null
  readonly ip: string | null
  readonly best: boolean
  /** Nothing for a route of its own. */
  readonly from: string | null
  readonly nextHop: string | null
  readonly asPath: string
  readonly originatorId: string | null
  readonly clusterList: readonly string[]
  /** Extended communities as FRR prints them: `RT:65001:100 ET:8 MM:1`. */
  readonly communities: string
}

interface ShownPath {
  readonly bestpath?: { readonly overall?: boolean }
  readonly local?: boolean
  readonly nexthops?: readonly { readonly ip?: string }[]
  readonly aspath?: { readonly string?: string }
  readonly originatorId?: string
  readonly clusterList?: { readonly list?: readonly string[] }
  readonly extendedCommunity?: { readonly string?: string }
  readonly peer?: { readonly peerId?: string }
}

interface ShownPrefix {
  readonly prefix: string
  readonly routeType: number
  readonly mac?: string
  readonly ip?: string
  readonly paths: readonly (readonly ShownPath[])[]
}

const isPrefix = (value: unknown): value is ShownPrefix => typeof value === 'object' && value !== null && 'paths' in value

export async function evpnTable(nve: Evpn): Promise<EvpnPath[]> {
  const shown = await nve.json<Record<string, unknown>>('show bgp l2vpn evpn route detail')
  return Object.entries(shown).flatMap(([rd, below]) =>
    Object.values(typeof below === 'object' && below !== null ? below : {})
      .filter(isPrefix)
      .flatMap((prefix) =>
        prefix.paths.flat().map((path) => ({
          rd,
          prefix: prefix.prefix,
          type: prefix.routeType,
          mac: prefix.mac ?? null,
          ip: prefix.ip ?? null,
          best: path.bestpath?.overall === true,
          from: path.local === true ? null : (path.peer?.peerId ?? null),
          nextHop: path.nexthops?.[0]?.ip ?? null,
          asPath: path.aspath?.string ?? '',
          originatorId: path.originatorId ?? null,
          clusterList: path.clusterList?.list ?? [],
          communities: path.extendedCommunity?.string ?? '',
        })),
      ),
  )
}

/** Sequence of the MAC Mobility community (RFC 7432 §7.7); a route without it has 0. */
export const mobilitySequence = (path: EvpnPath): number => Number(/\bMM:(\d+)/.exec(path.communities)?.[1] ?? 0)

export const hasRouteTarget = (path: EvpnPath, target: string): boolean => path.communities.split(' ').includes(`RT:${target}`)

export const printTable = (paths: readonly EvpnPath[]): string =>
  paths
    .map((path) => `${path.best ? '>' : ' '} ${path.rd} ${path.prefix} via ${path.nextHop} [${path.asPath}] ${path.communities}`)
    .join('\n')
