import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { formatProblem } from '../../src/config/file/problem.ts'

/** The rules begin with line 6. */
function problemsOf(rules: string): string[] {
  const text = `nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1 }
vns:
  web: { vni: 10100 }
  corp: { vni: 10200 }
interVn:
${rules}
`
  const result = checkText(text, 'ams.yaml')
  return result.ok ? [] : result.problems.map(formatProblem)
}

test('a good rule has no problem', () => {
  expect(problemsOf('  - { from: web, to: corp, prefixes: [10.1.0.0/16, "2001:db8::/32"] }')).toEqual([])
})

test.each([
  [
    '  - { from: wbe, to: corp, prefixes: [10.1.0.0/16] }',
    'ams.yaml:6:13: interVn[0].from: found wbe, expected a VN of this file: web, corp',
  ],
  [
    '  - { from: web, to: web, prefixes: [10.1.0.0/16] }',
    'ams.yaml:6:22: interVn[0].to: found web, expected another VN than the one that routes come from',
  ],
  [
    '  - { from: web, to: corp, prefixes: [] }',
    'ams.yaml:6:38: interVn[0].prefixes: found an empty list, expected at least one prefix: nothing passes that no rule names',
  ],
  ['  - { from: web, to: corp }', 'ams.yaml:6:5: interVn[0].prefixes: found nothing, expected a list'],
  [
    '  - { from: web, to: corp, prefixes: [10.1.0.1/16] }',
    'ams.yaml:6:39: interVn[0].prefixes[0]: found 10.1.0.1/16, expected no bits set behind the prefix length: 10.1.0.0/16',
  ],
  [
    '  - { from: web, to: corp, prefixes: [10.1.0.0/16] }\n  - { from: web, to: corp, prefixes: [10.2.0.0/16] }',
    'ams.yaml:7:5: interVn[1]: found web to corp again, expected one rule for each two VNs, with all its prefixes: interVn[0] (line 6) has them',
  ],
])('%s', (rules, problem) => {
  expect(problemsOf(rules)).toEqual([problem])
})
