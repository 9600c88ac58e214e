/**
 * What a peer that does not read may cost. What it misses of routes that stand is a bit for each; but a route that goes meanwhile must keep its key
 * until the peer has been told that it is gone, and where routes come and go under ever new keys that has no end. Before it has, those sessions end:
 * they come back and are told what there is then.
 */
import type { Member } from '../../advertise/member.ts'
import type { Rib } from '../../rib/rib.ts'
import { type SessionFault, sessionFault } from '../../wire/fault.ts'
import { CeaseSubcode, NotificationCode } from '../../wire/notification.ts'

/** Routes gone that are kept for peers that are behind: this many, or as many as there are routes. About 100 octets each. */
export const KEPT_AT_LEAST = 131_072

/** Whether more is kept for them than may be. */
export function keepsTooMuch(rib: Rib, atLeast: number): boolean {
  return rib.ghostCount > Math.max(atLeast, rib.best)
}

/** Those who do not read, and for whom it is kept. Who only waits for its pace is told all the same, and what that is too much is counted. */
export function slowReaders<Session extends { readonly member: Member }>(sessions: Iterable<Session>): Session[] {
  return [...sessions].filter(({ member: { missed, held, link } }) => {
    if (missed === null || held) return false
    if (link.pace === null || link.pending > 0) return true
    if (link.pace.left < missed.size) link.pace.exceed(missed.size - link.pace.left)
    return false
  })
}

/** Cease, Out of Resources (RFC 4486 §4). */
export function readsTooSlowly(rib: Rib): SessionFault {
  const why = `it reads too slowly: ${rib.ghostCount} routes that are gone are kept to tell it and others so`
  return sessionFault(NotificationCode.cease, CeaseSubcode.outOfResources, why)
}
