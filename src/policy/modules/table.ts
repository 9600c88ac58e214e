/** The policy modules. A new one: its file and its line here. In `set` the order is that in which one term applies them. */
import { peer } from './match/peer.ts'
import { peerGroup } from './match/peer-group.ts'
import { vni } from './match/vni.ts'
import type { MatchModule, SetModule } from './module.ts'
import { localPref } from './set/local-pref.ts'

export const MATCHES = [vni, peer, peerGroup] as readonly MatchModule<unknown>[]

export const SETS = [localPref] as readonly SetModule<unknown>[]

const MATCH_BY_NAME = new Map(MATCHES.map((module) => [module.name, module]))
const SET_BY_NAME = new Map(SETS.map((module) => [module.name, module]))

/** The module of a key under `match:`. */
export function matchModule(name: string): MatchModule<unknown> | null {
  return MATCH_BY_NAME.get(name) ?? null
}

/** The module of a key under `set:`. */
export function setModule(name: string): SetModule<unknown> | null {
  return SET_BY_NAME.get(name) ?? null
}
