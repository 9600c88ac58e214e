/** How the speaker shares its time. */

/** A timer this close to its deadline counts as expired, in ms. */
export const IDLE_TIMER_SLACK_MS = 1

/** Destinations settled and published in one go: about 10 ms of work. */
export const BATCH = 16_384

/** Paths of a lost peer taken out of the RIB in one go. */
export const FORGET = 16_384

/** Destinations whose paths import is asked about again in one go. */
export const REIMPORT_SLICE = 4096

/** Destinations looked at in one go for sessions that something else is told from now on. */
export const MOVE_SLICE = 4096

/** From look to look at sessions that are told at a pace, in ms. */
export const PACE_MS = 100
