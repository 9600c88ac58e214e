/** Who takes the octets that arrive on one socket, and can be made to wait for its turn. */
export interface Reader {
  /** Whether its input may wait for that of others. */
  readonly givesWay: boolean
  /** Takes octets; borrowed until it returns. */
  take(octets: Uint8Array): void
  /** Stops reading from the socket, and starts again. */
  stopReading(): void
  resumeReading(): void
}
