/**
 * A policy module of your own: marks of regions. A route is of region `emea` when it carries the community 65000:7001, of `apac` with 65000:7002, and so on; a
 * term says `match: { own: { region-mark: emea } }`, or gives a route the mark of a region with `set: { own: { region-mark: emea } }`.
 */
import { defineModule } from 'fednva/policy'

const AS = 65000
const REGIONS: Readonly<Record<string, number>> = { emea: 7001, apac: 7002, amer: 7003 }
const MARKS = Object.values(REGIONS).map((number) => `${AS}:${number}`)

export default defineModule({
  // All that is looked at are path attributes, so that it is asked once for all routes that share them.
  looksAt: 'attributes',

  // What stands behind the name in a term; what is thrown is told with its line by `fednva check`.
  argument(typed) {
    const number = typeof typed === 'string' ? REGIONS[typed] : undefined
    if (number === undefined) throw new TypeError(`a region is one of ${Object.keys(REGIONS).join(', ')}`)
    return `${AS}:${number}`
  },

  match: (route, mark) => route.communities.includes(mark),

  // Of a mark there is one: those of other regions go.
  set(_route, changes, mark) {
    changes.communities({ remove: MARKS, add: mark })
  },
})
