/**
 * Which of two paths to one destination is better, and why. RFC 4271 §9.1.2.2 with what RFC 4456 §9 adds; for EVPN type 2 first MAC mobility
 * (RFC 7432 §15): a sticky MAC before any other, then the highest sequence number, then the lowest VTEP address, whatever the AS path says,
 * so that two domains that hold the same pair of routes never disagree. The shorter D-PATH comes behind LOCAL_PREF and before the AS_PATH (RFC 10039).
 */
import { u8 } from '../bytes/octets.ts'
import type { AttributeSets } from './attribute-sets.ts'
import { STICKY } from './decision-facts.ts'
import type { RibPeer } from './rib-peer.ts'
import type { SetId } from './verdict.ts'

/** The step that decided, in the order of the steps. */
export const Step = {
  only: 0,
  sticky: 1,
  sequence: 2,
  vtep: 3,
  localPref: 4,
  domainPath: 5,
  pathLength: 6,
  origin: 7,
  med: 8,
  external: 9,
  routerId: 10,
  clusterLength: 11,
  address: 12,
} as const
export type Step = (typeof Step)[keyof typeof Step]

/** Text of a step, for people. */
export const STEP_TEXT: readonly string[] = [
  'only path',
  'sticky MAC (RFC 7432 15.2)',
  'higher MAC mobility sequence (RFC 7432 15)',
  'lower VTEP address at equal sequence (RFC 7432 15.1)',
  'higher LOCAL_PREF',
  'through fewer domains: shorter D-PATH (RFC 10039)',
  'shorter AS_PATH',
  'lower ORIGIN',
  'lower MED',
  'external before internal',
  'lower router id or ORIGINATOR_ID',
  'shorter CLUSTER_LIST',
  'lower peer address',
]

/** `step` when `a` is better, `-step` when `b` is; never 0 for paths of different peers. Hot: allocates nothing. */
export function compare(sets: AttributeSets, a: SetId, b: SetId, peerA: RibPeer, peerB: RibPeer, macIp: boolean): number {
  if (macIp) {
    const sticky = (sets.mobility[a]! & STICKY) - (sets.mobility[b]! & STICKY)
    if (sticky !== 0) return sticky > 0 ? Step.sticky : -Step.sticky
    const sequence = sets.mobilitySequence[a]! - sets.mobilitySequence[b]!
    if (sequence !== 0) return sequence > 0 ? Step.sequence : -Step.sequence
    const vtep = sets.compareNextHop(a, b)
    if (vtep !== 0) return vtep < 0 ? Step.vtep : -Step.vtep
  }
  const localPref = sets.localPref[a]! - sets.localPref[b]!
  if (localPref !== 0) return localPref > 0 ? Step.localPref : -Step.localPref
  const domains = sets.domainPathLength[a]! - sets.domainPathLength[b]!
  if (domains !== 0) return domains < 0 ? Step.domainPath : -Step.domainPath
  const pathLength = sets.pathLength[a]! - sets.pathLength[b]!
  if (pathLength !== 0) return pathLength < 0 ? Step.pathLength : -Step.pathLength
  const origin = sets.origin[a]! - sets.origin[b]!
  if (origin !== 0) return origin < 0 ? Step.origin : -Step.origin
  if (sets.neighborAs[a] === sets.neighborAs[b]) {
    const med = sets.med[a]! - sets.med[b]!
    if (med !== 0) return med < 0 ? Step.med : -Step.med
  }
  if (peerA.external !== peerB.external) return peerA.external ? Step.external : -Step.external
  const routerId = (sets.originator[a]! || peerA.routerId) - (sets.originator[b]! || peerB.routerId)
  if (routerId !== 0) return routerId < 0 ? Step.routerId : -Step.routerId
  const clusters = sets.clusterLength[a]! - sets.clusterLength[b]!
  if (clusters !== 0) return clusters < 0 ? Step.clusterLength : -Step.clusterLength
  return lowerAddress(peerA, peerB) ? Step.address : -Step.address
}

function lowerAddress(a: RibPeer, b: RibPeer): boolean {
  if (a.address.length !== b.address.length) return a.address.length < b.address.length
  for (let i = 0; i < a.address.length; i++) {
    const difference = u8(a.address, i) - u8(b.address, i)
    if (difference !== 0) return difference < 0
  }
  return a.id < b.id
}
