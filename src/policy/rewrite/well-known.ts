/** The well-known communities that keep routes in, RFC 1997. */
import { u32 } from '../../bytes/octets.ts'
import { AttributeCode } from '../../wire/attribute/attribute.ts'
import type { Refusal } from '../refusal.ts'
import { findAttribute, valueEnd, valueStart } from './attribute-rewrite.ts'

export const NO_EXPORT = 0xffffff01
export const NO_ADVERTISE = 0xffffff02
const NO_EXPORT_SUBCONFED = 0xffffff03

/** Why the communities among canonical attributes `from`..`to` keep routes from a peer (of another AS: `external`), or null. */
export function keptIn(bytes: Uint8Array, from: number, to: number, external: boolean): Refusal | null {
  const communities = findAttribute(bytes, from, to, AttributeCode.communities)
  if (communities < 0) return null
  const end = valueEnd(bytes, communities)
  let reason: Refusal | null = null
  for (let at = valueStart(bytes, communities); at < end; at += 4) {
    const community = u32(bytes, at)
    if (community === NO_ADVERTISE) return 'no-advertise'
    if (external && (community === NO_EXPORT || community === NO_EXPORT_SUBCONFED)) reason = 'no-export'
  }
  return reason
}
