/**
 * Whom a peer id in the RIB stands for: a session that stands, or one that has ended while its routes are still there; a source of routes made here; the speaker
 * itself (0); or nobody.
 */
import type { Source, SourceOf } from '../../advertise/exporter/exporters.ts'
import type { Origin } from '../../policy/modules/module.ts'
import { NOBODY } from '../../policy/route-draft.ts'
import type { Rib } from '../../rib/rib.ts'
import type { Peer } from '../peers/peer.ts'
import type { Attachment } from './attachment.ts'
import { PeerIds } from './peer-ids.ts'

export class Sources {
  readonly ids: PeerIds
  /** Sessions by peer id, for as long as the id means them. */
  readonly attachments: (Attachment | undefined)[] = []
  private readonly made: (Source | undefined)[] = []
  private readonly byPeer = new Map<Peer, Attachment>()

  /** Where routes of a peer id come from; undefined: the speaker itself. */
  readonly sourceOf: SourceOf = (id) => this.attachments[id] ?? this.made[id]

  constructor(rib: Rib) {
    this.ids = new PeerIds(rib, (id) => {
      this.attachments[id] = undefined
      this.made[id] = undefined
    })
  }

  /** Sessions that stand. */
  get standing(): Iterable<Attachment> {
    return this.byPeer.values()
  }

  /** The standing session of a peer, or undefined. Hot: once for every UPDATE. */
  sessionOf(peer: Peer): Attachment | undefined {
    return this.byPeer.get(peer)
  }

  begin(attachment: Attachment): void {
    this.attachments[attachment.inbound.peer] = attachment
    this.byPeer.set(attachment.peer, attachment)
  }

  /** Its session stands no more; its id is still its own. */
  end(peer: Peer): void {
    this.byPeer.delete(peer)
  }

  /** Routes with this id are made here, and from `source`. */
  make(id: number, source: Source): void {
    this.made[id] = source
  }

  /** Where routes of a peer id come from, as policy sees it. */
  originOf(id: number): Origin {
    const source = this.made[id]
    if (source === undefined) return this.attachments[id]?.origin ?? NOBODY
    return { ...NOBODY, domain: source.domain, external: source.external }
  }
}
