/**
 * What the messages of one direction depend on: what the OPENs of both sides say (RFC 5492), unless the reader says it is otherwise.
 */
import { u8 } from '../bytes/octets.ts'
import { AttributeCode } from '../wire/attribute/attribute.ts'
import { addPath } from '../wire/capability/add-path.ts'
import { extendedMessage } from '../wire/capability/empty.ts'
import { fourOctetAs } from '../wire/capability/four-octet-as.ts'
import { HEADER_LENGTH, MessageType } from '../wire/framing.ts'
import type { MessageContext } from '../wire/message.ts'
import type { AddressFamily } from '../wire/negotiated.ts'
import { readOpen } from '../wire/open.ts'
import { UpdateScan } from '../wire/update-scan.ts'

/** What the reader says of all messages; stronger than OPENs. */
export interface Forced {
  readonly fourOctetAs?: boolean | undefined
  readonly internal?: boolean | undefined
  readonly addPath?: readonly AddressFamily[] | undefined
  readonly extendedMessage?: boolean | undefined
}

/** What is known of one direction; null: nobody has said. */
export interface DecodeContext {
  readonly fourOctetAs: boolean | null
  readonly internal: boolean | null
  readonly addPath: readonly AddressFamily[]
  readonly extendedMessage: boolean | null
}

/** What one side says in its OPEN. */
export interface Announced {
  readonly as: number
  readonly fourOctetAs: boolean
  readonly extendedMessage: boolean
  readonly addPath: readonly (AddressFamily & { readonly mode: number })[]
}

const RECEIVE = 1
const SEND = 2

/** Reads what an OPEN announces; null when the octets are no good OPEN. */
export function announcedBy(octets: Uint8Array): Announced | null {
  if (octets.length < HEADER_LENGTH || u8(octets, 18) !== MessageType.open) return null
  const open = readOpen(octets, HEADER_LENGTH, octets.length)
  if ('reach' in open) return null
  const as4 = open.capabilities.find(({ code }) => code === fourOctetAs.code)
  return {
    as: as4 === undefined ? open.myAs : fourOctetAs.read(as4.value).as,
    fourOctetAs: as4 !== undefined,
    extendedMessage: open.capabilities.some(({ code }) => code === extendedMessage.code),
    addPath: open.capabilities.filter(({ code }) => code === addPath.code).flatMap(({ value }) => addPath.read(value).families),
  }
}

/**
 * The context of what `sender` sends to `receiver`. With one OPEN seen, that one is believed. A message may be long when its receiver has said that it
 * reads such (RFC 8654 §4); path identifiers need one that sends and one that receives them (RFC 7911 §4).
 */
export function contextOf(sender: Announced | null, receiver: Announced | null, forced: Forced): DecodeContext {
  const sides = [sender, receiver].filter((side) => side !== null)
  const known = sides.length > 0
  const both = sender !== null && receiver !== null
  const sends = sender?.addPath.filter(({ mode }) => mode & SEND) ?? []
  const takes = (family: AddressFamily) =>
    receiver?.addPath.some(({ afi, safi, mode }) => afi === family.afi && safi === family.safi && mode & RECEIVE) === true
  return {
    fourOctetAs: forced.fourOctetAs ?? (known ? sides.every((side) => side.fourOctetAs) : null),
    internal: forced.internal ?? (both ? sender.as === receiver.as : null),
    addPath: forced.addPath ?? sends.filter(takes).map(({ afi, safi }) => ({ afi, safi })),
    extendedMessage: forced.extendedMessage ?? receiver?.extendedMessage ?? null,
  }
}

const scan = new UpdateScan()

/**
 * The context for one message: what nobody has said is taken from the message itself. LOCAL_PREF is sent inside an AS only (RFC 4271 §5.1.5); AS numbers
 * have 4 octets with everybody but the very old; a message is as long as it says.
 */
export function settle(context: DecodeContext, octets: Uint8Array): MessageContext {
  return {
    fourOctetAs: context.fourOctetAs ?? true,
    internal: context.internal ?? hasLocalPref(octets),
    addPath: context.addPath,
    extendedMessage: context.extendedMessage ?? true,
  }
}

function hasLocalPref(octets: Uint8Array): boolean {
  if (octets.length < HEADER_LENGTH + 4 || u8(octets, 18) !== MessageType.update) return false
  const fault = scan.scan(octets, 0, octets.length)
  return fault?.reach !== 'session' && scan.find(AttributeCode.localPref) >= 0
}
