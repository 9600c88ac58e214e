/** Somebody's word that a MAC is at his place, as far as MAC mobility weighs it. */
export interface Claim {
  readonly sticky: boolean
  readonly sequence: number
  /** Octets of the VTEP address. */
  readonly vtep: Uint8Array
}

/** Above 0 when `a` counts, below 0 when `b` does, 0 when both are of one VTEP and alike: sticky, highest sequence, lowest VTEP (RFC 7432 §15). */
export function compareClaims(a: Claim, b: Claim): number {
  if (a.sticky !== b.sticky) return a.sticky ? 1 : -1
  if (a.sequence !== b.sequence) return a.sequence - b.sequence
  if (a.vtep.length !== b.vtep.length) return b.vtep.length - a.vtep.length
  for (let i = 0; i < a.vtep.length; i++) {
    const difference = b.vtep[i]! - a.vtep[i]!
    if (difference !== 0) return difference
  }
  return 0
}
