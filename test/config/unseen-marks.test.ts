import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { formatProblem } from '../../src/config/file/problem.ts'

const POLICIES = `
policies:
  guard:
    - { name: sticky, match: { macMobility: { sticky: true } }, then: reject }
    - { name: gateways, match: { defaultGateway: true }, then: reject }
    - { name: rest, then: accept }
  loose:
    - { name: moving, match: { macMobility: { sticky: false, sequence: 1- }, defaultGateway: false }, then: accept }
`

/** What is warned of with these words of fra and par. */
function warningsOf(fra: string, par: string, more = ''): string[] {
  const result = checkText(
    `nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1 }
vns: { web: { vni: 10100 } }
federation:
  domains:
    fra: { asn: 65002, peers: [198.51.100.1], share: { web: {} }${fra} }
    par: { asn: 65003, peers: [203.0.113.1], share: { web: {} }${par} }
peers: { leaf: { address: 192.0.2.11, import: loose${more} } }
${POLICIES}`,
    'ams.yaml',
  )
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.warnings.map(formatProblem).filter((warning) => !warning.includes('no import or export'))
}

const warning = (term: number, place: string, what: string, where: string) =>
  `ams.yaml:${term}: policies.guard${place}: with stickyMacs: ignore, the default, import policy sees no route that is ${what}, so this term matches none of ${where}; ` +
  'it needs stickyMacs: heed there (docs/macs-between-domains.md)'

test('a term that refuses what is sticky, or a default gateway, matches nothing where such marks are not heeded: lines say where', () => {
  for (const said of ['', ', stickyMacs: ignore']) {
    const found = warningsOf(`, import: [loose, guard]${said}`, '').map((one) => one.replace(/^ams\.yaml:(\d+):\d+/, 'ams.yaml:$1'))
    expect(found).toEqual([
      warning(11, '[0].match.macMobility.sticky', 'sticky', 'fra (line 5)'),
      warning(12, '[1].match.defaultGateway', "a default gateway's", 'fra (line 5)'),
    ])
  }
})

test('once for a policy that several domains import by, and not for one that heeds', () => {
  const both = warningsOf(', import: guard', ', import: guard')
  expect(both.length).toBe(2)
  expect(both[0]).toContain('none of fra (line 5) and 1 more;')
  const one = warningsOf(', import: guard, stickyMacs: heed', ', import: guard')
  expect(one.length).toBe(2)
  expect(one[0]).toContain('none of par (line 6);')
})

test('nothing where the marks are heeded, where policy asks for their absence, on what leaves, and for peers of the own domain', () => {
  expect(warningsOf(', import: guard, stickyMacs: heed', '')).toEqual([])
  expect(warningsOf(', import: loose', '')).toEqual([])
  expect(warningsOf(', export: guard', '')).toEqual([])
  expect(warningsOf('', '', ', export: guard')).toEqual([])
})
