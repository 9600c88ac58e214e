/** Exit codes of the command. */
export const OK = 0
/** Something is wrong with what was asked about, or it could not be done. */
export const FAILED = 1
/** The command line itself was wrong. */
export const USAGE = 2
