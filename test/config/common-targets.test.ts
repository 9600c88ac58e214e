import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { formatProblem } from '../../src/config/file/problem.ts'

function warningsOf(vns: string): string[] {
  const result = checkText(`nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1 }\nvns:\n${vns}`, 'ams.yaml')
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.warnings.map(formatProblem)
}

test('a VN that imports what another one exports is a warning, in the direction in which routes pass', () => {
  expect(
    warningsOf('  web: { vni: 1 }\n  db: { vni: 2, routeTargets: { import: ["65001:2", "65001:1"], export: ["65001:2"] } }\n'),
  ).toEqual([
    'ams.yaml:4:53: vns.db.routeTargets.import[1]: routes of web belong to db too: its target 65001:1 of vns.web.vni (line 3) is imported here; interVn names what may pass from VN to VN',
  ])
})

test('VNs of one target in both directions are told in both, and once, however many targets they share', () => {
  const targets = 'routeTargets: { import: ["65001:9", "65001:8"], export: ["65001:9", "65001:8"] }'
  expect(warningsOf(`  web: { vni: 1, ${targets} }\n  db: { vni: 2, ${targets} }\n`).map((line) => line.split(':')[4])).toEqual([
    ' routes of db belong to web too',
    ' routes of web belong to db too',
  ])
})

test('VNs with targets of their own are nothing to be warned of', () => {
  expect(
    warningsOf('  web: { vni: 1 }\n  db: { vni: 2, routeTargets: { import: ["65001:2", "65009:1"], export: ["65001:2"] } }\n'),
  ).toEqual([])
})
