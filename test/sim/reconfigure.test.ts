import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import type { Configuration } from '../../src/config/configuration.ts'
import { checkEdgeText } from '../../src/config/edge.ts'
import { formatProblem } from '../../src/config/file/problem.ts'
import { Nva } from '../../src/daemon/nva.ts'
import { difference } from '../../src/daemon/reload/difference.ts'
import { Edge } from '../../src/nve/edge.ts'
import { Region } from './region.ts'

const VNS = 'web: { vni: 10100 }, db: { vni: 10200 }'

function ams(vns: string, share: string): Configuration {
  const checked = checkText(
    `nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1, listen: ["192.0.2.1:179"] }
vns: { ${vns} }
peers: { leaf: { address: 192.0.2.11, holdTime: 9 } }
federation: { domains: { fra: { asn: 65002, peers: [198.51.100.1], holdTime: 9, share: { ${share} } } } }
`,
    'ams.yaml',
  )
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  return checked.configuration
}

function edge(region: Region, address: string, asn: number, nva: string): Edge {
  const checked = checkEdgeText(
    `nve: { name: "${address}", asn: ${asn}, routerId: ${address}, vtep: ${address}, nvas: ["${nva}"], holdTime: 9 }\nvns: { ${VNS} }\n`,
    'edge.yaml',
  )
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  const edge = new Edge(checked.configuration, region.host(address), {})
  edge.start()
  return edge
}

/** A domain ams that is changed while it runs, and fra, which would share everything. */
class Stage {
  readonly region = new Region(7)
  readonly nva: Nva
  readonly here: Edge
  readonly there: Edge
  private now: Configuration

  constructor(vns: string, share: string) {
    const { region } = this
    this.now = ams(vns, share)
    this.nva = this.run(this.now)
    const fra = checkText(
      `nva: { name: fra-1, domain: fra, asn: 65002, routerId: 198.51.100.1, listen: ["198.51.100.1:179"] }
vns: { ${VNS} }
peers: { leaf: { address: 198.51.100.11, holdTime: 9 } }
federation: { domains: { ams: { asn: 65001, peers: [192.0.2.1], holdTime: 9, share: { web: {}, db: {} } } } }
`,
      'fra.yaml',
    )
    if (!fra.ok) throw new Error(fra.problems.map(formatProblem).join('\n'))
    this.run(fra.configuration)
    this.here = edge(region, '192.0.2.11', 65001, '192.0.2.1')
    this.there = edge(region, '198.51.100.11', 65002, '198.51.100.1')
    for (const [one, n] of [
      [this.here, 1],
      [this.there, 2],
    ] as const) {
      one.attach('web', `02:00:00:00:01:0${n}`, null)
      one.attach('db', `02:00:00:00:02:0${n}`, null)
    }
    region.run(30_000)
  }

  reconfigure(vns: string, share: string): void {
    const next = ams(vns, share)
    const { vns: changed } = difference(this.now, next)
    this.nva.reconfigure(next, changed.added.length + changed.removed.length + changed.changed.length > 0)
    this.now = next
    this.region.run(30_000)
  }

  /** MACs that each side knows of the other. */
  get crossed(): Record<string, string[]> {
    const macs = (edge: Edge, vn: string): string[] => edge.table.mappings(vn).map(({ mac }) => mac)
    return { web: [...macs(this.here, 'web'), ...macs(this.there, 'web')], db: [...macs(this.here, 'db'), ...macs(this.there, 'db')] }
  }

  get counted(): Record<string, number> {
    return Object.fromEntries(this.nva.census.vns.map(({ vn, tenantSystems }) => [vn.name, tenantSystems]))
  }

  get leafSessions(): number | undefined {
    return this.nva.speaker.peers.get('leaf')?.established
  }

  private run(configuration: Configuration): Nva {
    const address = configuration.listen[0]?.address ?? ''
    const nva = new Nva(configuration, this.region.host(address), {})
    this.region.listen(address, 179, (link) => nva.speaker.accept(link))
    nva.speaker.start()
    return nva
  }
}

const WEB = ['02:00:00:00:01:02', '02:00:00:00:01:01']
const DB = ['02:00:00:00:02:02', '02:00:00:00:02:01']

test('a VN that is shared from now on crosses, one that is not any more is taken back on both sides', () => {
  const stage = new Stage(VNS, 'web: {}')
  expect(stage.crossed).toEqual({ web: WEB, db: [] })
  stage.reconfigure(VNS, 'db: {}')
  expect(stage.crossed).toEqual({ web: [], db: DB })
  stage.reconfigure(VNS, 'web: {}, db: {}')
  expect(stage.crossed).toEqual({ web: WEB, db: DB })
  expect(stage.leafSessions).toBe(1)
})

test('a VN that comes is counted from what is there already, and what an agreement means by its targets follows', () => {
  const stage = new Stage('web: { vni: 10100 }', 'web: {}')
  expect(stage.counted).toEqual({ web: 2 })
  stage.reconfigure(VNS, 'web: {}, db: {}')
  expect(stage.counted).toEqual({ web: 2, db: 2 })
  // A target in common with a VN that is not shared carries nothing.
  stage.reconfigure(
    'web: { vni: 10100 }, db: { vni: 10200 }, lab: { vni: 10300, routeTargets: { export: ["65001:10200"] } }',
    'web: {}, db: {}',
  )
  expect(stage.crossed).toEqual({ web: WEB, db: [] })
  expect(stage.counted).toEqual({ web: 2, db: 1, lab: 1 })
  stage.reconfigure('db: { vni: 10200 }', 'db: {}')
  expect(stage.crossed).toEqual({ web: [], db: DB })
  expect(stage.counted).toEqual({ db: 2 })
  expect(stage.leafSessions).toBe(1)
})
