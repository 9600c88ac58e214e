/** Puts routes into a RIB as a session would: attributes as octets, interned per peer, judged once. */
import { ByteKey, KEY_START } from '../../src/bytes/byte-key.ts'
import { AttributeSets } from '../../src/rib/attribute-sets.ts'
import { Changes } from '../../src/rib/changes.ts'
import { Rib } from '../../src/rib/rib.ts'
import { NO_SET, type SetId, type Verdict } from '../../src/rib/verdict.ts'
import { evpn } from '../../src/wire/nlri/evpn/evpn.ts'
import { asPath, attribute, extCommunities, join, ORIGIN_IGP, u32Octets } from '../wire/update-octets.ts'

export interface Path {
  readonly origin?: number
  readonly asns?: readonly number[]
  readonly med?: number
  /** 100 when not given; null: none. */
  readonly localPref?: number | null
  readonly communities?: readonly string[]
  readonly originator?: number
  readonly clusters?: readonly number[]
  /** Extended communities, hex. */
  readonly ext?: readonly string[]
  readonly mobility?: { readonly sequence: number; readonly sticky?: boolean }
}

/** Canonical path attributes. */
export function attributesOf(path: Path): Uint8Array {
  const { origin = 0, asns = [], med, localPref = 100, communities, originator, clusters, mobility } = path
  const ext = [...(path.ext ?? [])]
  if (mobility) ext.push(`0600${mobility.sticky ? '01' : '00'}00${mobility.sequence.toString(16).padStart(8, '0')}`)
  const parts = [origin === 0 ? ORIGIN_IGP : attribute(0x40, 1, [origin]), asPath(...asns)]
  if (med !== undefined) parts.push(attribute(0x80, 4, u32Octets(med)))
  if (localPref !== null) parts.push(attribute(0x40, 5, u32Octets(localPref)))
  if (communities?.length) parts.push(attribute(0xc0, 8, Buffer.from(communities.join(''), 'hex')))
  if (originator !== undefined) parts.push(attribute(0x80, 9, u32Octets(originator)))
  if (clusters?.length) parts.push(attribute(0x80, 10, clusters.flatMap(u32Octets)))
  if (ext.length > 0) parts.push(extCommunities(...ext))
  return join(...parts)
}

export const NEXT_HOP = [192, 0, 2, 1]

const scratch = new ByteKey(2 * 65535)

/** Interns a set of a peer. Not held. */
export function intern(sets: AttributeSets, peer: number, attributes: Uint8Array, nextHop: readonly number[] = NEXT_HOP): SetId {
  const octets = join([peer & 255, peer >> 8, nextHop.length], nextHop, attributes)
  scratch.octets.set(octets, KEY_START)
  scratch.seal(KEY_START + octets.length)
  return sets.intern(scratch)
}

export class Feed {
  readonly sets = new AttributeSets()
  readonly rib = new Rib(evpn, this.sets)
  readonly changes = new Changes()
  /** What import policy says of a new set; plain: used as it is. */
  judge: (set: SetId) => Verdict = (set) => set
  typeVerdicts: Int32Array | null = null

  addPeer(id: number, { external = false, routerId = id, address = [10, 0, 0, id] } = {}): void {
    this.rib.addPeer({ id, external, routerId, address: Uint8Array.from(address) })
  }

  learn(peer: number, attributes: Uint8Array, nlri: Uint8Array, nextHop: readonly number[] = NEXT_HOP): number {
    const { sets } = this
    const set = intern(sets, peer, attributes, nextHop)
    sets.hold(set)
    if (sets.imported[set] === NO_SET) {
      const verdict = this.judge(set)
      sets.imported[set] = verdict
      if (verdict >= 0 && verdict !== set) sets.hold(verdict)
    }
    const end = this.rib.learn(peer, set, this.typeVerdicts, nlri, 0, nlri.length)
    sets.release(set)
    return end
  }

  withdraw(peer: number, nlri: Uint8Array): void {
    this.rib.withdraw(peer, nlri, 0, nlri.length)
  }

  /** Settles everything; `follow` sees each batch before it is finished. */
  settle(follow: (changes: Changes) => void = () => {}, limit = 1_000_000): void {
    do {
      this.rib.settle(this.changes, limit)
      follow(this.changes)
      this.rib.finish(this.changes)
    } while (this.rib.destinations.unsettled > 0)
  }

  /** What a RIB without paths must not hold any more. */
  get held(): { paths: number; best: number; destinations: number; sets: number; rests: number } {
    const rests = Reflect.get(this.rib, 'rests') as { size: number }
    const { rib, sets } = this
    return { paths: rib.paths, best: rib.best, destinations: rib.destinations.size, sets: sets.table.size, rests: rests.size }
  }
}

export const NOTHING_HELD = { paths: 0, best: 0, destinations: 0, sets: 0, rests: 0 }
