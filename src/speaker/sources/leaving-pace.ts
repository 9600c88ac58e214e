/** At which pace routes leave that nobody confirms any more: slow enough that nobody notices. */

/** Routes taken out in one go. */
export const ROUTES_AT_ONCE = 1000
/** Destinations looked at in one go. */
export const LOOKS_AT_ONCE = 65_536
/** Milliseconds from go to go. */
export const GO_MS = 100
