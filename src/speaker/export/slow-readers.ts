/**
 * Bounds what a peer that does not read may cost. For routes that stand, what it misses is a bit each; but a route that goes meanwhile must keep its key until the
 * peer has been told so, and where routes come and go under ever new keys there is no end to that. When it is too much, such sessions are ended: they come back and
 * are told the state of that time.
 */
import type { Member } from '../../advertise/members/member.ts'
import type { Rib } from '../../rib/rib.ts'
import { sessionFault } from '../../wire/fault.ts'
import { CeaseSubcode, NotificationCode } from '../../wire/notification-codes.ts'
import type { FaultLog } from '../faults/fault-log.ts'
import type { Peer } from '../peers/peer.ts'

/** Routes gone that are kept for peers that are behind: this many, or as many as there are routes. About 100 octets each. */
const KEPT_AT_LEAST = 131_072
const NO_OCTETS = new Uint8Array(0)

interface Session {
  readonly peer: Peer
  readonly member: Member
}

export class SlowReaders {
  keptAtLeast = KEPT_AT_LEAST
  private readonly rib: Rib
  private readonly faults: FaultLog

  constructor(rib: Rib, faults: FaultLog) {
    this.rib = rib
    this.faults = faults
  }

  /** Ends their sessions with Cease, Out of Resources (RFC 4486 §4), when more is kept for them than may be. */
  endIfTooMuch(sessions: Iterable<Session>): void {
    const { rib } = this
    if (rib.destinations.ghostCount <= Math.max(this.keptAtLeast, rib.best)) return
    const why = `it reads too slowly: ${rib.destinations.ghostCount} routes that are gone are kept to tell it and others so`
    const fault = sessionFault(NotificationCode.cease, CeaseSubcode.outOfResources, why)
    for (const { peer } of [...sessions].filter(readsTooSlowly)) {
      const connection = peer.standing?.connection
      if (connection === undefined) continue
      this.faults.fatal(peer, fault, NO_OCTETS)
      peer.event({ is: 'fault', connection: connection.id, fault })
    }
  }
}

/** Whether routes are kept for a peer because it does not read. One that only waits for its pace is told in spite of it, and the excess is counted. */
function readsTooSlowly({ member: { missed, held, link } }: Session): boolean {
  if (missed === null || held) return false
  if (link.pace === null || link.pending > 0) return true
  if (link.pace.left < missed.size) link.pace.exceed(missed.size - link.pace.left)
  return false
}
