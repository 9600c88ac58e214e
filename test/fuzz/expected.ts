/**
 * What a live session must do with one message, told by the cold view of it (`src/wire/message.ts`) and the RFCs: nothing, an end with one of some
 * NOTIFICATIONs, or routes learned and withdrawn.
 *
 * Where the live session may do other than the widest fault of the cold view, and why:
 * - several session faults: the NOTIFICATION is that of any of them, since the session looks at the parts of a message in another order;
 * - MP_REACH_NLRI or MP_UNREACH_NLRI of a family not agreed: it is not looked into, since such a family is disabled already (RFC 7606 §2);
 *   but where no NLRI is there at all, any fault ends the session (RFC 7606 §5.2), and AFI 0 counts as none;
 * - a withdrawn NLRI whose key is none: it withdraws nothing, and what the message announces is used;
 * - an EVPN NLRI that can be measured and not used: withdrawn alone, the others of the message are used (RFC 7606 §5.4 sees each by itself).
 */
import { u8 } from '../../src/bytes/octets.ts'
import { AttributeCode } from '../../src/wire/attribute/attribute.ts'
import type { Fault, SessionFault } from '../../src/wire/fault.ts'
import { MessageType } from '../../src/wire/framing.ts'
import { type MessageContext, type MessageView, readMessage } from '../../src/wire/message.ts'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import type { Notification } from '../../src/wire/notification.ts'
import { UpdateScan } from '../../src/wire/update-scan.ts'
import { rule } from './finding.ts'

export type Reaction =
  /** The session goes on. `learned` and `withdrawn`: route keys, and the octets of what is announced, in order. */
  | { readonly is: 'goes-on'; readonly routes: readonly RouteChange[]; readonly message: MessageView | null }
  /** The session ends with one of these. */
  | { readonly is: 'ends'; readonly with: readonly Notification[] }
  /** The peer has ended it. */
  | { readonly is: 'ended' }

/** `nlri` null: withdrawn. Octets as latin1 text. */
export interface RouteChange {
  readonly key: string
  readonly nlri: string | null
}

const NO_ROUTES: readonly RouteChange[] = []

/** RFC 4271 §6.1-6.3, RFC 5492 §5, RFC 7313 §5, RFC 7607, RFC 9234 §8: what a message of each type can be answered with. */
const ORDERED: Readonly<Record<number, readonly string[]>> = {
  0: ['1/1', '1/2', '1/3'],
  1: ['1/1', '1/2', '1/3', '2/0', '2/1', '2/2', '2/3', '2/4', '2/6', '2/7', '2/11'],
  2: ['1/1', '1/2', '1/3', '3/1', '3/2', '3/3', '3/4', '3/5', '3/6', '3/8', '3/9', '3/10', '3/11'],
  3: ['1/1', '1/2', '1/3'],
  4: ['1/1', '1/2', '1/3'],
  5: ['1/1', '1/2', '1/3', '7/1'],
}

/** Every session fault is one that the RFCs have for this type of message. */
export function checkOrdered(type: number, faults: readonly Fault[]): void {
  for (const fault of faults) {
    if (fault.reach !== 'session') continue
    const answer = `${fault.code}/${fault.subcode}`
    rule(
      ORDERED[type in ORDERED ? type : 0]!.includes(answer),
      'ordered',
      () => `a message of type ${type} is answered with ${answer}: ${fault.why}`,
    )
  }
}

/** The reaction to a whole message in Established. */
export function reactionTo(message: Uint8Array, context: MessageContext): Reaction {
  const { message: view, faults } = readMessage(message, context)
  const type = u8(message, 18)
  checkOrdered(type, faults)
  const fatal = faults.filter((fault) => fault.reach === 'session')
  switch (type) {
    case MessageType.update:
      return reactionToUpdate(message, view, faults)
    case MessageType.notification:
      return fatal.length > 0 ? ends(fatal) : { is: 'ended' }
    case MessageType.open:
      return fatal.length > 0 ? ends(fatal) : { is: 'ends', with: [{ code: 5, subcode: 3, data: Uint8Array.of(MessageType.open) }] }
    default:
      return fatal.length > 0 ? ends(fatal) : { is: 'goes-on', routes: NO_ROUTES, message: view }
  }
}

export function ends(faults: readonly SessionFault[]): Reaction {
  return { is: 'ends', with: faults }
}

const scan = new UpdateScan()

function reactionToUpdate(octets: Uint8Array, view: MessageView | null, faults: readonly Fault[]): Reaction {
  scan.scan(octets, 0, octets.length)
  const empty = (scan.reachAfi === 0 || scan.reachTo === scan.reachFrom) && scan.nlriTo === scan.nlriFrom
  const foreignReach = scan.find(AttributeCode.mpReach) >= 0 && !carried(scan.reachAfi, scan.reachSafi)
  const foreignUnreach = scan.find(AttributeCode.mpUnreach) >= 0 && !carried(scan.unreachAfi, scan.unreachSafi)
  const excused = (fault: Fault) =>
    view !== null && ((foreignReach && !empty && tellsOf(fault, 'MP_REACH_NLRI')) || (foreignUnreach && tellsOf(fault, 'MP_UNREACH_NLRI')))
  const fatal = faults.filter((fault) => fault.reach === 'session' && !excused(fault)) as SessionFault[]
  if (fatal.length > 0) return ends(fatal)
  const routes: RouteChange[] = []
  if (scan.unreachAfi !== 0 && !foreignUnreach)
    for (const at of listed(octets, scan.unreachFrom, scan.unreachTo)) routes.push(withdrawn(octets, at))
  if (scan.reachAfi !== 0 && !foreignReach) {
    const unusable = faults.some(
      (fault) => fault.reach === 'route' && !tellsOf(fault, 'MP_REACH_NLRI') && !tellsOf(fault, 'MP_UNREACH_NLRI'),
    )
    for (const at of listed(octets, scan.reachFrom, scan.reachTo)) {
      const gone = unusable || evpn.check(octets, at, 2 + u8(octets, at + 1)) !== null
      routes.push(gone ? withdrawn(octets, at) : { key: keyOf(octets, at), nlri: latin1(octets, at, at + 2 + u8(octets, at + 1)) })
    }
  }
  return { is: 'goes-on', routes, message: view }
}

function tellsOf(fault: Fault, attribute: string): boolean {
  return fault.why.startsWith(attribute)
}

function carried(afi: number, safi: number): boolean {
  return afi === evpn.afi && safi === evpn.safi
}

function withdrawn(octets: Uint8Array, at: number): RouteChange {
  return { key: keyOf(octets, at), nlri: null }
}

/** Where the NLRI of a list stand that can be measured. */
export function listed(octets: Uint8Array, from: number, to: number): number[] {
  const places: number[] = []
  for (let at = from; at + 2 <= to && at + 2 + u8(octets, at + 1) <= to; at += 2 + u8(octets, at + 1)) places.push(at)
  return places
}

const key = new Uint8Array(512)

/** The route key of the NLRI at `at`. */
export function keyOf(octets: Uint8Array, at: number): string {
  return latin1(key, 0, evpn.keyInto(octets, at, 2 + u8(octets, at + 1), key, 0))
}

export function latin1(octets: Uint8Array, from: number, to: number): string {
  return Buffer.from(octets.buffer, octets.byteOffset + from, to - from).toString('latin1')
}

export function octetsOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}
