import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { formatProblem } from '../../src/config/file/problem.ts'

function warningsOf(vns: string, share: string): string[] {
  const result = checkText(
    `nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1 }
vns: { ${vns} }
federation:
  domains:
    fra:
      asn: 65002
      peers: [198.51.100.1]
      share:
${share}
`,
    'ams.yaml',
  )
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.warnings.map(formatProblem)
}

const VNS = 'web: { vni: 1 }, db: { vni: 2 }'

test('a target that the other domain attaches to two VNs alike is a warning, once for both', () => {
  const targets = 'routeTargets: ["65002:9", "65002:8"]'
  expect(warningsOf(VNS, `        web: { ${targets} }\n        db: { ${targets} }`)).toEqual([
    'ams.yaml:10:30: federation.domains.fra.share.db.routeTargets[0]: routes that come with 65002:9 belong to web too (federation.domains.fra.share.web.routeTargets[0] (line 9)), and to db what is of web',
  ])
  expect(warningsOf(VNS, '        web: {}\n        db: { routeTargets: ["65002:1"] }')).toHaveLength(1)
})

test('VNs with targets of their own, and a bridged one with a routed one, are none', () => {
  expect(warningsOf(VNS, '        web: {}\n        db: {}')).toEqual([])
  expect(warningsOf('web: { vni: 1 }, db: { vni: 2, service: l3 }', '        web: {}\n        db: { routeTargets: ["65002:1"] }')).toEqual(
    [],
  )
})

test('an interconnect VNI that is the local one of another VN is a warning', () => {
  expect(warningsOf(VNS, '        web: { vni: 2, via: { gateway: 192.0.2.250 } }')).toEqual([
    'ams.yaml:9:21: federation.domains.fra.share.web.vni: 2 is also the VNI of db here (vns.db.vni (line 2)): in a gateway that has both, frames of web and db meet',
  ])
  expect(warningsOf(VNS, '        web: { vni: 1, via: { gateway: 192.0.2.250 } }')).toEqual([])
  expect(warningsOf(VNS, '        web: { vni: 3, via: { gateway: 192.0.2.250 } }')).toEqual([])
})
