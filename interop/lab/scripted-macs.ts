/** MAC routes that a scripted peer says: as a domain of its own says them, or as an NVE of an NVA's own AS. */
import { externalAttributes, internalAttributes, mpReach, mpUnreach, nlri, routeTarget, update } from '../peer/octets.ts'
import type { ScriptedPeer } from './scripted-peer.ts'

const VXLAN = Buffer.from('030c000000000008', 'hex')
/** NLRI in an UPDATE. */
const PACKED = 100

/** Who says them: by this address as next hop and in the RD, with route targets of this AS. */
export interface Sayer {
  readonly address: string
  readonly asn: number
  /** An NVE of that AS, and no domain. */
  readonly internal: boolean
}

/** Routes `from` to `to` of a VN; the sequence of MAC Mobility tells the rounds apart. */
export function say(peer: ScriptedPeer, sayer: Sayer, vni: number, from: number, to: number, round = 0): void {
  const mobility = Buffer.from([6, 0, 0, 0, 0, 0, 0, round])
  const communities = [routeTarget(sayer.asn, vni), VXLAN, mobility]
  const attributes = sayer.internal ? internalAttributes(...communities) : externalAttributes(sayer.asn, ...communities)
  for (const slice of slices(from, to)) peer.send(update([...attributes, mpReach(sayer.address, ...routes(sayer, vni, slice))]))
}

export function takeBack(peer: ScriptedPeer, sayer: Sayer, vni: number, from: number, to: number): void {
  for (const slice of slices(from, to)) peer.send(update([mpUnreach(...routes(sayer, vni, slice))]))
}

/** How often a listener was told of a route of this sayer in a VN. */
export function announcedTo(listener: ScriptedPeer, sayer: Sayer, vni: number): number {
  const nextHop = Buffer.from(octetsOf(sayer.address)).toString('hex')
  const ofVn = new RegExp(`30020009${octet(vni)}0[01]`)
  const announced = listener.updates().flatMap((update) => update.announced)
  return announced.filter((route) => route.nextHop === nextHop && ofVn.test(route.nlri)).length
}

const octetsOf = (address: string): number[] => address.split('.').map(Number)
const octet = (value: number): string => value.toString(16).padStart(2, '0')

function routeOf({ address }: Sayer, vni: number, index: number): Buffer {
  const rd = Buffer.from([0, 1, ...octetsOf(address), 0, vni])
  const mac = Buffer.from([2, 0, 9, vni, index >> 8, index & 0xff])
  return nlri(2, Buffer.concat([rd, Buffer.alloc(14), Buffer.from([48]), mac, Buffer.from([0, 0, vni >> 8, vni & 0xff])]))
}

const slices = (from: number, to: number): [number, number][] =>
  Array.from({ length: Math.ceil((to - from) / PACKED) }, (_, slice) => [from + slice * PACKED, Math.min(to, from + (slice + 1) * PACKED)])

const routes = (sayer: Sayer, vni: number, [from, to]: readonly [number, number]): Buffer[] =>
  Array.from({ length: to - from }, (_, index) => routeOf(sayer, vni, from + index))
