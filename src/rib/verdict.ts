/** Small number that names an attribute set (`attribute-sets.ts`) while somebody holds it. */
export type SetId = number

/** The set a route is used or sent with, or why it is not: a set id, or `-2 - reason`. `NO_SET` (-1) means none at all. */
export type Verdict = number
export const NO_SET = -1

/** The verdict that refuses for a reason (an index into the list of reasons of whoever judges). */
export function refused(reason: number): Verdict {
  return -2 - reason
}

/** The reason of a refusing verdict. */
export function reasonOf(verdict: Verdict): number {
  return -2 - verdict
}
