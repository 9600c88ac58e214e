/** The one of `known` that `typed` was probably meant to be, or null when none is close. */
export function nearest(typed: string, known: readonly string[]): string | null {
  const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '')
  const wanted = plain(typed)
  let best: string | null = null
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const word of known) {
    const candidate = plain(word)
    const away = candidate.startsWith(wanted) && wanted.length >= 3 ? 1 : distance(wanted, candidate)
    // Of several that begin so, the shortest.
    if (away < least || (away === least && best !== null && word.length < best.length)) {
      best = word
      least = away
    }
  }
  return best
}

/** Letters to insert, drop, replace or swap with the neighbour to get from `a` to `b` (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
