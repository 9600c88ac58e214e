/** One NVA that is told what to do by configuration text, and scripted peers around it. */
import { type PolicyDiffAnswer, policyDiffAnswer } from '../../src/api/schema/policy-diff.ts'
import { checkText } from '../../src/config/check-text.ts'
import type { Configuration } from '../../src/config/configuration.ts'
import { formatProblem } from '../../src/config/file/problem.ts'
import { type LoadedModules, NO_MODULES } from '../../src/config/policies/own-modules.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { PolicyDiffs } from '../../src/daemon/policy-diff/policy-diff.ts'
import { refusalOf } from '../../src/policy/refusal.ts'
import type { Attachment } from '../../src/speaker/sources/attachment.ts'
import type { World } from '../../src/speaker/world.ts'
import { Region } from './region.ts'
import { ScriptedPeer } from './scripted-peer.ts'

const NVA = '192.0.2.1'
export const LEAF_1 = '192.0.2.11'
export const LEAF_2 = '192.0.2.12'
export const LEAF_3 = '192.0.2.13'
const UP_WITHIN_MS = 5_000
const SETTLE_MS = 200
const MOST_TURNS = 10_000

/** Of domain ams, AS 65001, at 192.0.2.1. */
export function configured(text: string, running?: Configuration, modules: LoadedModules = NO_MODULES): Configuration {
  const head = `nva: { name: ams-1, domain: ams, asn: 65001, routerId: ${NVA}, listen: ["${NVA}:179"] }\n`
  const checked = checkText(`${head}${text}`, 'ams.yaml', running === undefined ? { modules } : { modules, running })
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  return checked.configuration
}

export class PolicyStage {
  readonly region: Region
  readonly nva: Nva
  readonly world: World
  private current: Configuration

  constructor(text: string, seed = 1, modules: LoadedModules = NO_MODULES) {
    this.region = new Region(seed)
    this.current = configured(text, undefined, modules)
    this.world = this.region.host(NVA)
    this.nva = new Nva(this.current, this.world, {})
    this.region.listen(NVA, 179, (link) => this.nva.speaker.accept(link))
    this.nva.speaker.start()
  }

  /** A peer whose session is up, and that has heard what there is. */
  join(address: string, asn = 65001, short = false): ScriptedPeer {
    const peer = new ScriptedPeer(this.region, { address, asn, peerAs: 65001, to: NVA, short }).dial()
    const up = () => peer.up && this.attachment(address) !== undefined
    if (!this.region.runUntil(up, UP_WITHIN_MS)) throw new Error(`${address} does not come up`)
    this.settle()
    return peer
  }

  settle(ms = SETTLE_MS): void {
    this.region.run(ms)
  }

  /** Another configuration while it runs, as a reload does. */
  reload(text: string, settleMs = SETTLE_MS, modules: LoadedModules = NO_MODULES): void {
    const candidate = configured(text, this.current, modules)
    this.current = candidate
    this.nva.reconfigure(candidate, true)
    this.settle(settleMs)
  }

  /**
   * What another configuration would do, asked as the daemon does while time goes on. Slices end after a step; `meanwhile` is called between them.
   */
  async diff(text: string, limit: number, meanwhile: (turn: number) => void = () => {}): Promise<PolicyDiffAnswer> {
    let clock = 0
    const diffs = new PolicyDiffs({
      nva: this.nva,
      world: this.world,
      running: () => this.current,
      load: async (path, running) => {
        const source = { file: path, value: null, locate: () => ({ line: 1, column: 1 }) }
        return { ok: true, configuration: configured(text, running), warnings: [], source }
      },
      now: () => (clock += 100),
    })
    let answer: PolicyDiffAnswer | null = null
    void diffs.ask('ams.yaml', limit).then((value) => {
      answer = value
    })
    for (let turn = 0; answer === null && turn < MOST_TURNS; turn++) {
      await new Promise((resolve) => setImmediate(resolve))
      meanwhile(turn)
      this.settle(1)
    }
    return policyDiffAnswer.parse(answer)
  }

  attachment(address: string): Attachment | undefined {
    const peer = [...this.nva.speaker.peers.values()].find(({ settings }) => settings.address === address)
    return peer === undefined ? undefined : this.nva.speaker.sources.sessionOf(peer)
  }

  /** Routes of a peer that are refused, by reason. */
  refused(address: string): Record<string, number> {
    const { rib } = this.nva.speaker
    const id = this.attachment(address)?.inbound.peer
    const refused: Record<string, number> = {}
    for (let dest = 0; dest < rib.destinations.capacity; dest++) {
      for (let row = rib.destinations.isLive(dest) ? rib.firstRow(dest) : -1; row >= 0; row = rib.nextRow(row)) {
        const reason = rib.peerOf(row) === id ? refusalOf(rib.rows.used[row]!) : null
        if (reason !== null) refused[reason] = (refused[reason] ?? 0) + 1
      }
    }
    return refused
  }

  get configuration(): Configuration {
    return this.current
  }

  /** Those of the configuration that runs. */
  get policies(): Configuration['compiled']['policies'] {
    return this.current.compiled.policies
  }

  /** How often each term of a policy has matched routes. */
  hits(policy: string): Record<string, number> {
    const found = this.current.compiled.policies.find(({ name }) => name === policy)
    return Object.fromEntries((found?.terms ?? []).map(({ name, hits }) => [name, hits.routes]))
  }
}
