/**
 * Which gateways are up. One that is a BGP peer of this NVA is up while its session stands, and so is one that came by a listen range, once it has been there;
 * of any other nobody knows, and it is taken to be up. What the operator (or whoever watches it) says over the API is stronger than both.
 */
export class GatewayHealth {
  private readonly said = new Map<string, boolean>()
  /** Gateways that have had a session. */
  private readonly met = new Set<string>()
  private readonly sessions: (address: string) => boolean | null

  /** `sessions`: whether the session with the peer of this address (canonical text) stands; null: there is no such peer. */
  constructor(sessions: (address: string) => boolean | null) {
    this.sessions = sessions
  }

  isUp(address: string): boolean {
    const session = this.session(address)
    return this.said.get(address) ?? session ?? true
  }

  /** What the API says of a gateway; null: nothing any more, its session counts again, if it has one. */
  say(address: string, up: boolean | null): void {
    if (up !== null) this.said.set(address, up)
    else {
      this.said.delete(address)
      this.met.delete(address)
    }
  }

  /** On whose word a gateway counts as up or down. */
  reason(address: string): 'operator' | 'session' | 'unwatched' {
    if (this.said.has(address)) return 'operator'
    return this.session(address) === null ? 'unwatched' : 'session'
  }

  private session(address: string): boolean | null {
    const stands = this.sessions(address)
    if (stands === true) this.met.add(address)
    return stands ?? (this.met.has(address) ? false : null)
  }
}
