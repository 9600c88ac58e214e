/** The six processes of the demo, asked and told as a user would: over their sockets. */
import { createClient, routePages } from '../../api/client.ts'
import { askEdge } from '../../api/edge-client.ts'
import type { RouteRow } from '../../api/schema/routes.ts'
import type { TenantSystem } from '../../nve/edge.ts'
import type { Mapping } from '../../nve/mapping-table.ts'
import { EDGES, type EdgePlan, NVAS, type NvaPlan } from './plan.ts'
import type { Processes } from './processes.ts'
import { Stuck, until } from './until.ts'

/** Every wait of the demo ends by then. */
const DEADLINE_MS = 15_000

export class DemoRegion {
  private readonly processes: Processes
  private readonly signal: AbortSignal

  constructor(processes: Processes, signal: AbortSignal) {
    this.processes = processes
    this.signal = signal
  }

  startNva({ name }: NvaPlan): void {
    this.processes.start('run', name)
  }

  startAll(): void {
    for (const nva of NVAS) this.startNva(nva)
    for (const { name } of EDGES) this.processes.start('nve', name)
  }

  async kill({ name }: NvaPlan): Promise<void> {
    await this.processes.kill(name)
  }

  /** Waits until `probe` gives something. */
  until<T>(what: string, probe: () => Promise<T | null>): Promise<{ value: T; milliseconds: number }> {
    return until(what, DEADLINE_MS, this.signal, () => {
      this.processes.check()
      return probe()
    })
  }

  /** Waits until every session of these NVAs stands. */
  async sessionsUp(nvas: readonly NvaPlan[]): Promise<number> {
    const { milliseconds } = await this.until(`every session of ${nvas.map(({ name }) => name).join(' and ')} is Established`, async () => {
      const answers = await Promise.all(nvas.map(({ name }) => createClient(this.processes.socketOf(name)).peers()))
      return answers.every((answer) => answer.ok && answer.value.peers.every(({ state }) => state === 'Established')) ? true : null
    })
    return milliseconds
  }

  /** Gives a command to an edge; it must be one that it can obey. */
  async tell(edge: EdgePlan, command: string): Promise<void> {
    const answer = await askEdge(this.processes.socketOf(edge.name), command)
    if (!answer.ok) throw new Stuck(`${edge.name} does not take "${command}": ${answer.why}`)
  }

  /** Mappings of an edge in a VN, by MAC. */
  async mappings(edge: EdgePlan, vn: string): Promise<readonly Mapping[]> {
    const answer = await askEdge(this.processes.socketOf(edge.name), `table ${vn}`)
    if (!answer.ok) return []
    const { vns } = answer.value as unknown as { vns: readonly { mappings: readonly Mapping[] }[] }
    return vns[0]?.mappings ?? []
  }

  /** Tenant systems attached to an edge. */
  async tenants(edge: EdgePlan): Promise<readonly TenantSystem[]> {
    const answer = await askEdge(this.processes.socketOf(edge.name), 'tenants')
    return answer.ok ? (answer.value as unknown as { tenants: readonly TenantSystem[] }).tenants : []
  }

  /** Waits until an edge sees a MAC at a VTEP with this sequence or a higher one. */
  async sees(edge: EdgePlan, vn: string, mac: string, vtep: string, sequence = 0): Promise<Mapping> {
    const { value } = await this.until(`${edge.name} sees ${mac} of ${vn} behind ${vtep}`, async () => {
      const found = (await this.mappings(edge, vn)).find((mapping) => mapping.mac === mac)
      return found !== undefined && found.vtep === vtep && found.sequence >= sequence ? found : null
    })
    return value
  }

  /** All routes that an NVA has learned from a peer. */
  async routesFrom(nva: NvaPlan, peer: string): Promise<readonly RouteRow[]> {
    const routes: RouteRow[] = []
    for await (const page of routePages(createClient(this.processes.socketOf(nva.name)), { peer })) {
      if (!page.ok) throw new Stuck(page.why)
      routes.push(...page.value.routes)
    }
    return routes
  }
}
