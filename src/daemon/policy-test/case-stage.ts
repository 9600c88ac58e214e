/**
 * An NVA of the configuration with nobody around it, over links that lead nowhere: what peers would say is put in, and how it fares is asked. The rooms are those
 * of the daemon; nothing is listened on, and no peer is dialled.
 */
import { parseRouterId } from '../../address/router-id.ts'
import type { Configuration } from '../../config/configuration.ts'
import { buildOpen } from '../../session/offer.ts'
import type { PeerSettings } from '../../speaker/settings.ts'
import type { Attachment } from '../../speaker/sources/attachment.ts'
import type { LinkHandlers, World } from '../../speaker/world.ts'
import { MAX_EXTENDED_MESSAGE } from '../../wire/framing.ts'
import { writeKeepalive } from '../../wire/keepalive.ts'
import { writeMessage } from '../../wire/message.ts'
import { evpn } from '../../wire/nlri/evpn/evpn.ts'
import { writeOpen } from '../../wire/open.ts'
import type { AttributesFields } from '../../wire/update-view.ts'
import { Nva } from '../nva.ts'

/** Router ids of peers whose address gives none. */
const FIRST_ID = 0x0afe0100
const NOTHING = () => {}

export class CaseStage {
  readonly nva: Nva
  private readonly configuration: Configuration
  private readonly handlers = new Map<string, LinkHandlers>()
  private due: (() => void)[] = []

  constructor(configuration: Configuration) {
    this.configuration = configuration
    const world: World = {
      now: () => 0,
      random: () => 0.5,
      after: () => ({ cancel: NOTHING }),
      soon: (then) => this.due.push(then),
      dial: () => ({ cancel: NOTHING }),
    }
    this.nva = new Nva(configuration, world, {})
    this.nva.speaker.start()
  }

  /** Brings the session of a peer up; null: it does not come up. */
  join({ address, asn }: PeerSettings): Attachment | null {
    const handlers = this.connect(address)
    if (handlers === null) return null
    this.handlers.set(address, handlers)
    const own = parseRouterId(address)
    const open = buildOpen({
      localAs: asn,
      peerAs: this.configuration.speaker.asn,
      routerId: own.ok && own.value !== this.configuration.speaker.routerId ? own.value : FIRST_ID + this.handlers.size,
      hostname: '',
      families: [evpn],
      holdTimeSeconds: 0,
      connectRetrySeconds: 1,
      sendHoldSeconds: 0,
      passive: false,
    })
    const out = Buffer.alloc(MAX_EXTENDED_MESSAGE)
    handlers.received(out.subarray(0, writeOpen(open, out, 0)))
    handlers.received(out.subarray(0, writeKeepalive(out, 0)))
    this.settle()
    return this.attachment(address)
  }

  /** What a peer that has joined says. */
  say({ address, asn }: PeerSettings, attributes: AttributesFields): void {
    const internal = asn === this.configuration.speaker.asn
    this.handlers.get(address)?.received(writeMessage({ type: 'UPDATE', attributes }, { fourOctetAs: true, internal }))
    this.settle()
  }

  private connect(address: string): LinkHandlers | null {
    return this.nva.speaker.accept({
      local: { address: '192.0.2.254', port: 179 },
      remote: { address, port: 1024 },
      pending: 0,
      write: NOTHING,
      pause: NOTHING,
      resume: NOTHING,
      giveWay: NOTHING,
      close: NOTHING,
    })
  }

  private attachment(address: string): Attachment | null {
    const { speaker } = this.nva
    const peer = [...speaker.peers.values()].find(({ settings }) => settings.address === address)
    return (peer === undefined ? undefined : speaker.sources.sessionOf(peer)) ?? null
  }

  private settle(): void {
    while (this.due.length > 0) {
      const { due } = this
      this.due = []
      for (const run of due) run()
    }
  }
}
