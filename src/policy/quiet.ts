/** Copies of chains that count for themselves: to ask them what they would do leaves no trace in what their terms have done. */
import { Chain, Policy } from './chain.ts'
import { VnChains } from './vn-chains.ts'

export class Quiet {
  private readonly chains = new Map<Chain, Chain>()
  private readonly policies = new Map<Policy, Policy>()

  /** One copy of each chain, so that what holds for one holds for all sessions that have it. */
  chain(of: Chain | null): Chain | null {
    if (of === null) return null
    const known = this.chains.get(of)
    if (known !== undefined) return known
    const copy = new Chain(
      of.policies.map((policy) => this.policy(policy)),
      of.otherwise,
    )
    this.chains.set(of, copy)
    return copy
  }

  vns(of: VnChains | null): VnChains | null {
    return of && new VnChains(of.vns.map((vn) => ({ ...vn, chain: this.chain(vn.chain) ?? vn.chain })))
  }

  private policy(of: Policy): Policy {
    const known = this.policies.get(of)
    if (known !== undefined) return known
    const copy = new Policy(
      of.name,
      of.terms.map((term) => ({ ...term, hits: { sets: 0, routes: 0 } })),
    )
    this.policies.set(of, copy)
    return copy
  }
}
