import type { RouteQuery } from '../../api/route-query.ts'
import type { RoutePosition } from '../../api/source.ts'
import type { Nva } from '../nva.ts'
import { routeRow } from './route-row.ts'

/** Every path of the RIB, from behind the cursor `after` on: destination id, then how many of its paths have been seen. */
export function* routes(nva: Nva, nowSeconds: number, query: RouteQuery, after: string | null): Iterable<RoutePosition> {
  const { rib } = nva.speaker
  const [dest = 0, seen = 0] = after === null ? [] : after.split('.').map(Number)
  for (let id = Number.isInteger(dest) ? dest : 0; id < rib.destinations.capacity; id++) {
    if (!rib.destinations.isLive(id)) continue
    const wanted = query.type === null || rib.destinations.typeOf(id) === query.type
    let place = 0
    for (let row = rib.firstRow(id); row >= 0; row = rib.nextRow(row)) {
      place++
      if (id === dest && place <= seen && after !== null) continue
      const shown = wanted && (!query.bestOnly || rib.destinations.best[id] === row)
      yield { cursor: `${id}.${place}`, row: shown ? routeRow(nva, id, row, nowSeconds) : null }
    }
  }
}
