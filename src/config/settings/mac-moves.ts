/** `macMoves`: when a MAC that moves between domains is frozen, with the defaults of RFC 7432 §15.1 and a freeze that ends by itself. */
import type { MacMovesSettings } from '../../federation/moves/settings.ts'
import type { MacMovesFile } from '../schema/nva-schema.ts'

const MOVES = 5
const WITHIN_SECONDS = 180
const FREEZE_SECONDS = 600

export function macMoves({ moves, within, freeze, keep }: MacMovesFile): MacMovesSettings {
  return {
    moves: moves ?? MOVES,
    withinSeconds: within ?? WITHIN_SECONDS,
    freezeSeconds: freeze ?? FREEZE_SECONDS,
    keep: keep ?? 'local',
  }
}
