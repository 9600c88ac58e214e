/**
 * What a speaker is handed instead of sockets, clocks and dice: the daemon gives it the real ones (`transport/`), the simulation its own.
 * Handlers are never called from inside the call that registers them.
 */

export interface Endpoint {
  /** IPv4 or IPv6 address as canonical text (RFC 5952); an IPv4 peer on a dual-stack socket as plain IPv4. */
  readonly address: string
  readonly port: number
}

/** One open connection to a peer. */
export interface Link {
  readonly local: Endpoint
  readonly remote: Endpoint
  /** Hands octets over for sending, in order. The octets must not be changed afterwards. Never blocks, never throws. */
  write(octets: Uint8Array): void
  /** Octets handed over and not yet taken by the operating system. */
  readonly pending: number
  /** Stops (and resumes) calling `received`. */
  pause(): void
  resume(): void
  /** From now on what comes in here may wait for what comes in elsewhere. */
  giveWay(): void
  /** Sends what is pending as far as it can be, then closes. `closed` is not called for a close asked for here. */
  close(): void
}

export interface LinkHandlers {
  /** Octets as they came; borrowed until return. */
  received(octets: Uint8Array): void
  /** `pending` has fallen to 0 after having been above 0. */
  drained(): void
  closed(why: string): void
}

export interface DialTarget extends Endpoint {
  readonly localAddress: string | null
  /** TCP MD5 key (RFC 2385), or null. */
  readonly password: string | null
}

/** A timer that can be called off. */
export interface Alarm {
  cancel(): void
}

/** `ours`: it is this machine that could not, so that nobody but its operator can mend it. */
export type DialFailed = (why: string, ours?: boolean) => void

export interface World {
  /** Milliseconds on a clock that never goes back. */
  now(): number
  /** A number in [0, 1). */
  random(): number
  /** Calls `then` once after `ms` milliseconds. */
  after(ms: number, then: () => void): Alarm
  /** Calls `then` at the end of this turn, after input that is already waiting has had its share. */
  soon(then: () => void): void
  /**
   * Opens a connection. Exactly one of `up` and `failed` is called later, unless cancelled. `up` returns the handlers of the link.
   */
  dial(target: DialTarget, up: (link: Link) => LinkHandlers, failed: DialFailed): Alarm
}
