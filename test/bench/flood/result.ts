/** How long a change between two local NVEs took while all was quiet and while another domain flooded, in ms. */
export interface Times {
  readonly probes: number
  readonly p50: number
  readonly p99: number
  readonly most: number
}

export interface FloodResult {
  readonly flood: string
  readonly quiet: Times
  readonly flooded: Times
  /** Changes a second that TCP took of the other domain. */
  readonly changesPerSecond: number
  /** NLRI a second that both NVEs were told while it flooded. */
  readonly toldPerSecond: number
}

/** p99 of the propagation time while it is flooded beside that while it is quiet, at most. */
export const RATIO_MOST = 2

export function timesOf(measured: readonly number[]): Times {
  const sorted = [...measured].sort((a, b) => a - b)
  const quantile = (part: number) => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
  return { probes: sorted.length, p50: quantile(0.5), p99: quantile(0.99), most: quantile(1) }
}

export function ratio({ quiet, flooded }: FloodResult): number {
  return flooded.p99 / quiet.p99
}

/** In words, what is slower than it may be. */
export function slowed(results: readonly FloodResult[]): string[] {
  return results
    .filter((result) => ratio(result) > RATIO_MOST)
    .map((result) => `flood ${result.flood}: p99 ${ratio(result).toFixed(2)} times the quiet one, at most ${RATIO_MOST}`)
}
