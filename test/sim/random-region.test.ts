import { test } from 'vitest'
import { runRandomRegion } from './random-region.ts'

/** A few hundred in `npm test`; `npm run region -- 10000` runs as many as one likes, in as many processes. */
const PIECES = 8
const EACH = 25

test.each(Array.from({ length: PIECES }, (_, piece) => piece))(
  'whatever befalls a random region, agreements hold at every step and in the end all they allow is there, and nothing comes round (piece %i)',
  (piece) => {
    for (let seed = piece * EACH + 1; seed <= (piece + 1) * EACH; seed++) runRandomRegion(seed)
  },
  60_000,
)
