/** Many sessions that are up and say little. */
export interface SessionsResult {
  readonly dut: string
  readonly sessions: number
  readonly routes: number
  readonly holdTimeSeconds: number
  /** From the first connection to the last session up, and from the first route until every session had all of them. */
  readonly upSeconds: number
  readonly loadSeconds: number
  /** How long they were watched after that. */
  readonly watchedSeconds: number
  /** Sessions that ended in that time: each is one too many. */
  readonly lost: number
  /** CPU of fednva while they were watched, in percent of one core. */
  readonly cpuPercent: number
  readonly keepalives: number
  /** How far the latest KEEPALIVE was behind the interval agreed, in ms. */
  readonly latestKeepaliveMs: number
  readonly residentKb: number
}
