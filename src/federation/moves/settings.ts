/** When a MAC that moves between domains is frozen, and how (RFC 7432 §15.1). */
export interface MacMovesSettings {
  /** Moves within `withinSeconds` that are too many; 0: nothing is ever frozen. */
  readonly moves: number
  /** The time in which they are counted. */
  readonly withinSeconds: number
  /** For how long it is frozen; 0: until somebody thaws it. */
  readonly freezeSeconds: number
  /** Whose routes stay in use. `last`: those of the domain where it stood before the move that was too many. `local`: those of our own NVEs if they have it, else as `last`. */
  readonly keep: 'local' | 'last'
}
