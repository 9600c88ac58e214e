/** The gates of a speaker: one for each chain that is attached to sessions, with the chains of VNs between it and the Loc-RIB. */
import type { Chain } from '../../policy/chain.ts'
import { Gate } from '../../policy/gate/gate.ts'
import { always, type Stage } from '../../policy/gate/plan.ts'
import type { VnChains } from '../../policy/vn-chains.ts'

export class Gates {
  private readonly vnsFirst: boolean
  private readonly byChain = new Map<Chain | null, Gate>()
  private readonly numbers = new WeakMap<Gate, number>()
  private next = 1
  private vns: VnChains | null

  /** `direction`: routes that come in meet the chain of the session first, those that go out the ones of their VNs. */
  constructor(direction: 'import' | 'export', vns: VnChains | null) {
    this.vnsFirst = direction === 'export'
    this.vns = vns
  }

  /** Other VNs: gates are others from now on. */
  adopt(vns: VnChains | null): void {
    if (vns === this.vns) return
    this.vns = vns
    this.byChain.clear()
  }

  /** Forgets the gates of chains that no session has any more. */
  retain(chains: ReadonlySet<Chain | null>): void {
    for (const chain of this.byChain.keys()) if (!chains.has(chain)) this.byChain.delete(chain)
  }

  /** Whether there is anything to pass. */
  get any(): boolean {
    return this.byChain.size > 0
  }

  /** null: everything passes. */
  of(chain: Chain | null): Gate | null {
    const { vns } = this
    if (chain === null && vns === null) return null
    const known = this.byChain.get(chain)
    if (known !== undefined) return known
    const stages: Stage[] = []
    if (chain !== null) stages.push(always([chain]))
    if (vns !== null) stages.push(vns)
    const gate = new Gate(this.vnsFirst ? stages.reverse() : stages)
    this.byChain.set(chain, gate)
    this.numbers.set(gate, this.next++)
    return gate
  }

  /** Tells gates apart; 0: none. */
  numberOf(gate: Gate | null): number {
    return gate === null ? 0 : (this.numbers.get(gate) ?? 0)
  }
}
