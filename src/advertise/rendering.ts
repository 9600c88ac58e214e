/** What a group writes for one route, to be compared with what another group writes: next hop, attributes and NLRI. */
import { copy, put8 } from '../bytes/octets.ts'
import { mapNlri, type VniMap } from '../policy/route-draft.ts'
import type { Rib } from '../rib/rib.ts'
import type { SetId } from '../rib/verdict.ts'

/** The longest attributes, next hop and NLRI. */
const CAPACITY = 2 * 65535 + 1024

export class Rendering {
  readonly octets = new Uint8Array(CAPACITY)
  length = 0
  /** VNIs were mapped: another route of the same set may come out differently. */
  mapped = false

  /** Fills in the route in `row` with this set and with VNIs mapped. `write` writes the attributes at an offset. */
  fill(rib: Rib, set: SetId, row: number, vnis: readonly VniMap[], write: (set: SetId, out: Uint8Array, at: number) => number): void {
    const { sets } = rib
    const { octets } = this
    this.mapped = vnis.length > 0
    const length = sets.nextHopLength(set)
    const from = sets.nextHopAt(set)
    let at = copy(sets.octets(set), from, from + length, octets, put8(octets, 0, length))
    const nlri = at
    at = rib.writeNlri(row, octets, at)
    for (const map of vnis) mapNlri(map, octets, nlri, at - nlri)
    this.length = write(set, octets, at)
  }
}
