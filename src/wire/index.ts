/**
 * `fednva/wire`: the codec for other programs. BGP messages (RFC 4271) with all that EVPN needs, from octets to objects in neutral names and back; what is
 * wrong with octets is a value that says how far it reaches (RFC 7606), never an exception. `docs/wire.md` shows it at work.
 *
 * The rooms of this house do not come by here: each imports the file it means.
 */

/** Path attributes: all of an UPDATE, one with its header, or by way of the table entry of a type code. */
export { AttributeCode, type AttributeContext, type PathAttribute } from './attribute/attribute.ts'
export { PATH_ATTRIBUTES, pathAttribute, pathAttributeNamed } from './attribute/table.ts'
export type { RawCapability } from './capability/capability.ts'
/** Capabilities of an OPEN (RFC 5492). */
export { type CapabilityView, formatCapability, readCapability, writeCapability } from './capability/table.ts'
/** Extended communities, 8 octets each (RFC 4360). */
export {
  type ExtendedCommunityFields,
  type ExtendedCommunityView,
  formatExtendedCommunity,
  readExtendedCommunity,
  writeExtendedCommunity,
} from './community/table.ts'
/** What is wrong, and how far it reaches; `wider` of two faults is the one that counts. */
export { type Fault, type SessionFault, wider } from './fault.ts'
/** Cutting a TCP stream into messages. */
export {
  HEADER_LENGTH,
  MAX_EXTENDED_MESSAGE,
  MAX_MESSAGE,
  MessageCutter,
  type MessageTaker,
  MessageType,
} from './framing.ts'
/** Whole messages: `readMessage` never throws, `writeMessage` throws on fields that cannot be written. */
export {
  type KeepaliveView,
  type MessageContext,
  type MessageFields,
  type MessageView,
  type NotificationView,
  type OpenView,
  type ReadMessage,
  type RouteRefreshView,
  readMessage,
  writeMessage,
} from './message.ts'
/** NLRI: lists of any family, and what a family can do with one in place (`sizeOf`, `keyInto`, `format`, ...). */
export { type AddressFamily, IPV4_UNICAST, L2VPN_EVPN, ROUTE_TARGET_CONSTRAINT, sameFamily } from './negotiated.ts'
export type { NlriFamily, NlriView } from './nlri/family.ts'
export { type ListedNlri, type NlriList, readNlriList, writeNlriList } from './nlri/list.ts'
export { NLRI_FAMILIES, nlriFamily } from './nlri/table.ts'
export { formatNotification, type Notification, notificationOf } from './notification.ts'
/** NOTIFICATIONs: names of codes, the line for people, the one that answers a fault. */
export { notificationName } from './notification-codes.ts'
export {
  type AttributesFields,
  type AttributesView,
  readAttribute,
  type UnknownAttribute,
  type UpdateFields,
  type UpdateView,
  writeAttributes,
} from './update-view.ts'
