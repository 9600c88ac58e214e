/** `fednva policy test`: the cases beside the examples hold, cases that say something else do not, and what is wrong is told with its place. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { testFile } from '../../../src/daemon/policy-test/policy-test.ts'

const FOLDER = new URL('../../../configs/policy/', import.meta.url).pathname
const EXAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && !name.endsWith('.cases.yaml'))
const CASES = EXAMPLES.map((name) => name.replace(/\.yaml$/, '.cases.yaml'))

const folder = mkdtempSync(join(tmpdir(), 'fednva-cases-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The outcome of cases beside a configuration, by the names of the files alone. */
async function tried(cases: string, configuration: string) {
  writeFileSync(join(folder, 'nva.yaml'), configuration)
  writeFileSync(join(folder, 'nva.cases.yaml'), cases)
  const result = await testFile(join(folder, 'nva.cases.yaml'))
  const short = (texts: readonly string[]) => texts.map((text) => text.replaceAll(`${folder}/`, ''))
  return { ...result, problems: short(result.problems), cases: result.cases.map((one) => ({ ...one, problems: short(one.problems) })) }
}

const NVA = `nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1, listen: ["192.0.2.1:179"] }
vns: { web: { vni: 10100, import: vn-in } }
policies:
  in:
    - { name: raise, match: { communities: no-export }, set: { localPref: 150, communities: { add: ["65001:7"] } } }
    - { name: vxlan, match: { encapsulation: vxlan }, then: accept }
  vn-in:
    - { name: sticky, match: { macMobility: { sticky: true } }, then: reject }
peerGroups: { leaves: { role: nve, import: in } }
peers:
  leaf1: { address: 192.0.2.11, group: leaves }
  leaf2: { address: "2001:db8::12", group: leaves }
listenRanges: [{ prefix: 192.0.2.64/26, group: leaves, limit: 4 }]
`.replace('communities: no-export', 'community: no-export')

const one = (text: string) => `configuration: nva.yaml\ncases:\n  - ${text}\n`

describe('the examples', () => {
  test.each(CASES)('configs/policy/%s: every case holds', async (name) => {
    const { problems, cases } = await testFile(FOLDER + name)
    expect(problems).toEqual([])
    expect(cases.length).toBeGreaterThan(2)
    expect(cases.flatMap((one) => one.problems)).toEqual([])
  })

  test.each(CASES)('configs/policy/%s: none of them holds when it expects the contrary', async (name) => {
    const contrary = readFileSync(FOLDER + name, 'utf8').replaceAll(/expect: (accept|reject)/g, (_, verdict) =>
      verdict === 'accept' ? 'expect: reject' : 'expect: accept',
    )
    const result = await tried(contrary.replace(/^configuration: /m, `configuration: ${FOLDER}`), '')
    expect(result.cases.map(({ holds, problems }) => [holds, problems.length])).toEqual(result.cases.map(() => [false, 1]))
    for (const { problems } of result.cases)
      expect(problems[0]).toMatch(/^nva\.cases\.yaml:\d+:\d+: cases\[\d+\]\.expect: found (accept|reject) \(/)
  })
})

describe('a case', () => {
  test.each([
    ['vni: 77, mac: "02:00:00:00:00:01", routeTargets: ["65002:10100"]', 'vni-mismatch'],
    ['vn: web, mac: "02:00:00:00:00:01", encapsulation: geneve', 'encapsulation-mismatch'],
    ['vn: web, prefix: 10.0.0.0/8', 'service-mismatch'],
  ])('of another domain is rejected where its route does not fit the agreement, though policy accepts it: %s', async (route, by) => {
    const federated = `${NVA}federation: { domains: { fra: { asn: 65002, peers: [198.51.100.1], share: { web: {} } } } }\n`
    const { cases } = await tried(one(`{ route: { ${route} }, from: fra, to: leaf1, expect: reject, by: ${by} }`), federated)
    expect(cases[0]).toMatchObject({ holds: true, verdict: 'reject', problems: [] })
  })

  test('names who decides and all that is changed', async () => {
    const route = 'route: { vn: web, mac: "02:00:00:00:00:01", communities: no-export }'
    const wanted = 'by: end, changes: { localPref: 150, communities: ["65001:7", no-export] }'
    const good = await tried(one(`{ ${route}, from: leaf1, expect: accept, ${wanted} }`), NVA)
    expect(good.cases[0]).toMatchObject({
      holds: true,
      verdict: 'accept',
      changes: { localPref: '150', communities: '65001:7 65535:65281' },
    })
    const less = await tried(one(`{ ${route}, from: leaf1, expect: accept, changes: { localPref: 150 } }`), NVA)
    expect(less.cases[0]!.problems).toEqual([
      'nva.cases.yaml:3:115: cases[0].changes: found communities 65001:7 65535:65281, expected communities as it was',
    ])
    const other = await tried(one(`{ ${route}, from: leaf1, expect: accept, by: in/raise }`), NVA)
    expect(other.cases[0]!.problems).toEqual(['nva.cases.yaml:3:110: cases[0].by: found end, expected in/raise'])
  })

  test('goes through the chains of the VN too, whoever the peer: by name, by address, out of a listen range', async () => {
    for (const from of ['leaf1', 'leaf2', '192.0.2.70', '"2001:db8::12"']) {
      const sticky = 'route: { vn: web, mac: "02:00:00:00:00:01", mobility: { sequence: 3, sticky: true } }'
      const { cases } = await tried(one(`{ ${sticky}, from: ${from}, expect: reject, by: vn-in/sticky }`), NVA)
      expect([from, cases[0]!.problems]).toEqual([from, []])
    }
  })

  test('to somebody is refused where the way in refuses', async () => {
    const mpls = 'route: { vn: web, mac: "02:00:00:00:00:01", mobility: { sequence: 3, sticky: true } }'
    const { cases } = await tried(one(`{ ${mpls}, from: leaf1, to: leaf2, expect: reject, by: vn-in/sticky }`), NVA)
    expect(cases[0]).toMatchObject({ holds: true, ways: [{ direction: 'import', verdict: 'reject' }] })
  })

  test.each([
    [
      '{ route: { vn: dB, mac: "02:00:00:00:00:01" }, from: leaf1, expect: accept }',
      '3:20: cases[0].route.vn: found dB, expected a VN of the configuration: web',
    ],
    [
      '{ route: { mac: "02:00:00:00:00:01" }, from: leaf1, expect: accept }',
      '3:7: cases[0].route.vni: found nothing, expected a vni, or a vn that has one',
    ],
    ['{ route: { vni: 1 }, from: leaf1, expect: accept }', '3:7: cases[0].route.type: found nothing, expected a type, a mac or a prefix'],
    [
      '{ route: { vn: web, type: imet }, from: leaf7, expect: accept }',
      '3:45: cases[0].from: found leaf7, expected a peer, an address of a listen range or a domain of the configuration: leaf1, leaf2',
    ],
    [
      '{ route: { vn: web, type: imet }, from: leaf1, to: leaf1, expect: accept }',
      '3:56: cases[0].to: found leaf1, expected somebody else than who sends it: nobody is told of what is his own',
    ],
    [
      '{ route: { vn: web, type: imet, asPath: [65001] }, from: leaf1, expect: accept }',
      '3:77: cases[0].expect: found reject (the AS_PATH holds our own AS (RFC 4271 9.1.2)), expected accept',
    ],
  ])('that cannot hold says where and why: %s', async (text, problem) => {
    const { cases } = await tried(one(text), NVA)
    expect(cases.flatMap(({ problems }) => problems)).toEqual([`nva.cases.yaml:${problem}`])
  })

  test('that names who and what is not there says so of every name, also where the form of the file is wrong', async () => {
    const names = 'a peer, an address of a listen range or a domain of the configuration: leaf1, leaf2'
    const unknown = [
      `from: found leaf7, expected ${names}`,
      `to: found leaf8, expected ${names}`,
      'route.vn: found dB, expected a VN of the configuration: web',
    ]
    const text = '{ route: { vn: dB, type: imet }, from: leaf7, to: leaf8, expect: accept }'
    const told = (problems: readonly string[] = []) =>
      problems.map((problem) => problem.replace(/^nva\.cases\.yaml:\d+:\d+: cases\[\d\]\./, ''))
    const { cases } = await tried(one(text), NVA)
    expect(told(cases[0]?.problems)).toEqual(unknown)
    const misspelt = await tried(one(text.replace('accept', 'maybe')), NVA)
    expect(told(misspelt.problems)).toEqual([unknown[2], unknown[0], unknown[1], 'expect: found maybe, expected one of accept, reject'])
    const broken = await tried(one(text.replace('accept', 'maybe')), NVA.replace('65001', '"x"'))
    expect(broken.problems.map((problem) => problem.split(':')[0])).toEqual(['nva.cases.yaml', 'nva.yaml'])
  })

  test('that is no case is told before anything is tried, and so is a configuration that is not good', async () => {
    const misspelt = await tried(one('{ rout: { vn: web, type: imet }, from: leaf1, expect: maybe }'), NVA)
    expect(misspelt.problems).toEqual([
      'nva.cases.yaml:3:5: cases[0].route: found nothing, expected a map of keys',
      'nva.cases.yaml:3:7: cases[0].rout: unknown key, did you mean route?',
      'nva.cases.yaml:3:59: cases[0].expect: found maybe, expected one of accept, reject',
    ])
    const broken = await tried(one('{ route: { vn: web, type: imet }, from: leaf1, expect: accept }'), NVA.replace('65001', '"x"'))
    expect(broken.problems.map((problem) => problem.split(':')[0])).toEqual(['nva.yaml'])
    expect([misspelt.cases, broken.cases]).toEqual([[], []])
    expect((await testFile(join(folder, 'nva.yaml'))).problems[0]).toContain('expected a file of cases that names it')
  })
})
