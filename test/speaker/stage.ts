import { END_OF_RIB } from '../../src/config/settings/settings-of.ts'
import type { PeerSettings } from '../../src/speaker/settings.ts'
import { Speaker } from '../../src/speaker/speaker.ts'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { Receiver } from '../advertise/receiver.ts'
import { asPath, LOCAL_PREF_100, message, mpReach, ORIGIN_IGP, update } from '../wire/update-octets.ts'
import { ScriptedPeer, ScriptedWorld } from './scripted.ts'

export const NEXT_HOP = [192, 0, 2, 9]
export const ASN = 65000

/** One speaker, and peers that say what the test says. */
export class Stage {
  readonly world = new ScriptedWorld()
  readonly speaker: Speaker

  constructor(peers: readonly PeerSettings[], asn = ASN) {
    const settings = {
      name: 'nva',
      asn,
      routerId: 0xc0000201,
      clusterId: 0xc0000201,
      peers,
      listenRanges: [],
      endOfRib: END_OF_RIB,
      vnImport: null,
      vnExport: null,
    }
    this.speaker = new Speaker(settings, evpn, this.world, new Map(), {})
    this.speaker.start()
    this.world.pass(1)
  }

  connect(address: string): ScriptedPeer {
    const peer = new ScriptedPeer(address)
    peer.handlers = this.speaker.accept(peer)
    this.world.pass(1)
    return peer
  }

  up(address: string, asn: number, routerId: number, how: Parameters<ScriptedPeer['greet']>[2] = {}): ScriptedPeer {
    const peer = this.connect(address)
    peer.greet(asn, routerId, how)
    this.world.pass(1)
    return peer
  }

  /** Paths, destinations and attribute sets. */
  get held(): number {
    const { rib, sets } = this.speaker
    return rib.paths + rib.destinations.size + sets.table.size
  }
}

export const announce = (nlri: Uint8Array, path = asPath()) => update([mpReach(NEXT_HOP, nlri), ORIGIN_IGP, path, LOCAL_PREF_100])

/** The table that the UPDATEs heard since the last call make, and how many End-of-RIBs were among them. */
export function heard(peer: ScriptedPeer): { table: Map<string, string>; ends: number } {
  const receiver = new Receiver(65535)
  let ends = 0
  for (const body of peer.take(2)) {
    if (Buffer.from(body).toString('hex') === '00000006800f03001946') ends++
    else receiver.write(message(2, body), 1)
  }
  return { table: receiver.table, ends }
}

export const A = '192.0.2.11'
export const B = '192.0.2.12'
