/**
 * Which gateways are up. One that is a BGP peer of this NVA is up while its session stands; one that is not is taken to be up. What the operator (or whoever
 * watches it) says over the API is stronger than both.
 */
export class GatewayHealth {
  private readonly said = new Map<string, boolean>()
  private readonly sessions: (address: string) => boolean | null

  /** `sessions`: whether the session with the peer of this address (canonical text) stands; null: there is no such peer. */
  constructor(sessions: (address: string) => boolean | null) {
    this.sessions = sessions
  }

  isUp(address: string): boolean {
    return this.said.get(address) ?? this.sessions(address) ?? true
  }

  /** What the API says of a gateway; null: nothing any more, its session counts again. */
  say(address: string, up: boolean | null): void {
    if (up === null) this.said.delete(address)
    else this.said.set(address, up)
  }

  /** Who says so. */
  reason(address: string): 'operator' | 'session' | 'unwatched' {
    if (this.said.has(address)) return 'operator'
    return this.sessions(address) === null ? 'unwatched' : 'session'
  }
}
