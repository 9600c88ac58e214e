import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { loadConfiguration } from '../../src/config/configuration.ts'
import { formatProblem } from '../../src/config/file/problem.ts'

const NVA = `nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1 }
vns: { web: { vni: 10100 } }
`

/** What the operator reads about a file that begins with two good lines. */
function problemsOf(rest: string): string[] {
  const result = checkText(NVA + rest, 'ams.yaml')
  return result.ok ? [] : result.problems.map(formatProblem)
}

function warningsOf(rest: string): string[] {
  const result = checkText(NVA + rest, 'ams.yaml')
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.warnings.map(formatProblem)
}

const LEAF = 'peers: { leaf: { address: 192.0.2.11, import: p } }\n'

test('an unknown module of a term names the one that was probably meant', () => {
  expect(problemsOf('policies:\n  p:\n    - { name: a, match: { vnis: 3 }, then: accept }\n')).toEqual([
    'ams.yaml:5:27: policies.p[0].match.vnis: unknown key, did you mean vni?',
  ])
})

test('a bad argument is placed inside its term, and inside a list of arguments, in both forms of a policy', () => {
  expect(problemsOf('policies:\n  p:\n    - { name: a, match: { vni: [3, abc, 7] }, then: accept }\n')).toEqual([
    'ams.yaml:5:36: policies.p[0].match.vni[1]: found abc, expected a VNI from 1 to 16777215, or a range such as "100-199"',
  ])
  expect(problemsOf('policies:\n  p: { terms: [{ name: a, set: { localPref: -1 } }] }\n')).toEqual([
    'ams.yaml:4:45: policies.p.terms[0].set.localPref: found -1, expected a local preference from 0 to 4294967295, or a change such as "+50" or "-50"',
  ])
})

test('a decision that is none, a term without effect, two terms of one name', () => {
  expect(problemsOf('policies:\n  p:\n    - { name: a, then: acept }\n')).toEqual([
    'ams.yaml:5:24: policies.p[0].then: found acept, expected accept, reject or next',
  ])
  expect(problemsOf('policies:\n  p:\n    - { name: a, match: { vni: 3 } }\n')).toEqual([
    'ams.yaml:5:7: policies.p[0]: found a map of keys, expected then: accept, reject or next; or something under set',
  ])
  expect(problemsOf('policies:\n  p:\n    - { name: a, set: { localPref: 3 } }\n    - { name: a, then: accept }\n')).toEqual([
    'ams.yaml:6:15: policies.p[1].name: found a, expected a name that no other term of the policy has: term 1 has it',
  ])
})

test('what is no policy at all is told in both forms one has', () => {
  for (const typed of ['5', '{ trems: [] }'])
    expect(problemsOf(`policies: { p: ${typed} }\n`)[0]).toContain('expected a list of terms, or { terms: [...] }')
  expect(problemsOf('policies: { p: [] }\n')).toEqual(['ams.yaml:3:16: policies.p: found an empty list, expected at least one term'])
})

test('a policy that does not exist is refused wherever it is named, and the nearest one told', () => {
  const policies = 'policies: { no-storage: [{ name: a, then: reject }] }\n'
  expect(problemsOf(`${policies}peers:\n  leaf: { address: 192.0.2.11, import: [accept, nostorage], export: zzz }\n`)).toEqual([
    'ams.yaml:5:49: peers.leaf.import[1]: found nostorage, expected the name of a policy: accept, reject, no-storage; did you mean no-storage?',
    'ams.yaml:5:69: peers.leaf.export: found zzz, expected the name of a policy: accept, reject, no-storage',
  ])
  const everywhere = `peerGroups: { g: { import: x } }
federation: { domains: { fra: { asn: 65002, peers: [198.51.100.1], export: x } } }
`
  expect(problemsOf(everywhere).map((line) => line.split(' ')[1])).toEqual(['peerGroups.g.import:', 'federation.domains.fra.export:'])
  expect(problemsOf('').concat(checkVn('import: x'))).toEqual([
    'ams.yaml:2:35: vns.web.import: found x, expected the name of a policy: accept, reject',
  ])
})

function checkVn(key: string): string[] {
  const result = checkText(`${NVA.replace('10100', `10100, ${key}`)}`, 'ams.yaml')
  return result.ok ? [] : result.problems.map(formatProblem)
}

test('accept and reject cannot be made anew', () => {
  expect(problemsOf('policies:\n  accept: [{ name: a, then: reject }]\n')).toEqual([
    'ams.yaml:4:3: policies.accept: found the policy accept, expected another name: accept and reject are always there',
  ])
})

test('a module of the own that is not there is refused', () => {
  const policies = 'policies:\n  p: [{ name: a, match: { own: { mine: 3 } }, then: accept }]\n'
  expect(problemsOf(policies + LEAF)).toEqual([
    'ams.yaml:4:34: policies.p[0].match.own.mine: found mine, expected a module under policyModules: of which there is none',
  ])
  expect(problemsOf(`${policies}policyModules: { other: { file: x.ts, onEror: accept } }\n`)).toEqual([
    'ams.yaml:4:34: policies.p[0].match.own.mine: found mine, expected a module under policyModules: other',
    'ams.yaml:5:39: policyModules.other.onEror: unknown key, did you mean onError?',
  ])
})

test('terms that nothing reaches, policies that nothing names, and a list behind one that decides everything are warnings', () => {
  const terms = '[{ name: all, match: {}, then: accept }, { name: b, match: { vni: 3 }, then: reject }, { name: c, then: reject }]'
  expect(warningsOf(`policies:\n  p: ${terms}\n${LEAF}`)).toEqual([
    'ams.yaml:4:47: policies.p[1]: never asked, nor are the terms behind it: all (line 4) decides every route',
  ])
  expect(warningsOf(`policies:\n  p: [{ name: a, match: { vni: 3 }, then: reject }, { name: b, then: reject }]\n`)).toEqual([
    'ams.yaml:4:3: policies.p: no import or export names it',
  ])
  expect(warningsOf('peers: { leaf: { address: 192.0.2.11, import: [accept, reject] } }\n')).toEqual([
    'ams.yaml:3:56: peers.leaf.import[1]: never asked: accept before it decides every route',
  ])
})

test('a peer of another AS without policies is a warning that says what to add (RFC 8212)', () => {
  const peers = (more: string) => `peers:\n  border: { address: 192.0.2.31, role: nve, asn: 65031${more} }\n`
  const head = 'ams.yaml:4:3: peers.border: AS 65031 is not the own AS 65001 and no policy is named, so'
  expect(warningsOf(peers(''))).toEqual([
    `${head} nothing is accepted from it and nothing is sent to it (RFC 8212); add import: accept and export: accept, or policies of your own`,
  ])
  expect(warningsOf(peers(', import: accept'))).toEqual([
    `${head} nothing is sent to it (RFC 8212); add export: accept, or policies of your own`,
  ])
  expect(warningsOf(peers(', import: accept, export: reject'))).toEqual([])
  expect(
    warningsOf('peerGroups: { g: { role: nve, asn: 65031, export: accept } }\nlistenRanges: [{ prefix: 192.0.2.0/24, group: g }]\n'),
  ).toEqual([
    'ams.yaml:4:16: listenRanges[0]: AS 65031 is not the own AS 65001 and no policy is named, so nothing is accepted from it (RFC 8212); add import: accept, or policies of your own',
  ])
})

test('many bad arguments in one policy are all told, each with its place and what would be right', () => {
  const problems = problemsOf(`policies:
  p:
    - { name: a, match: { asPath: "(65001", mac: "02:zz:*", prefix: 10.0.0.1/8 }, then: accept }
    - { name: b, set: { vni: { 10100: abc, x: 3 }, nextHop: me, routeTargets: { map: [{ from: "*:*", to: "{foo}:1" }] } } }
`)
  expect(problems.map((problem) => problem.replace(/ expected (.{20}).*/, ' expected $1'))).toEqual([
    'ams.yaml:5:35: policies.p[0].match.asPath: found "(65001", expected a pattern of AS numb',
    'ams.yaml:5:50: policies.p[0].match.mac: found 02:zz:*, expected a MAC address such a',
    'ams.yaml:5:69: policies.p[0].match.prefix: found 10.0.0.1/8, expected no bits set behind t',
    'ams.yaml:6:39: policies.p[1].set.vni.10100: found abc, expected a VNI from 1 to 1677',
    'ams.yaml:6:61: policies.p[1].set.nextHop: found me, expected unchanged, self, or ',
    'ams.yaml:6:106: policies.p[1].set.routeTargets.map[0].to: found "{foo}:1", expected a route target such ',
  ])
})

test("a module of the operator's own that has not been loaded is refused, and not dropped", () => {
  const text = `policies:\n  p:\n    - { name: a, match: { own: { mine: 1 } }, then: reject }\npolicyModules: { mine: { file: x.ts } }\n`
  expect(problemsOf(text)).toEqual(['ams.yaml:6:32: policyModules.mine.file: found x.ts, expected a file that has been loaded'])
})

test('settings of a module that are none', () => {
  expect(problemsOf('policyModules: { mine: { file: x.ts, onError: skip, budget: 0 } }\n')).toEqual([
    'ams.yaml:3:47: policyModules.mine.onError: found skip, expected one of reject, accept, next',
    'ams.yaml:3:61: policyModules.mine.budget: found 0, expected milliseconds from 1 to 1000',
  ])
})

test('a file is judged alike whether the modules are there already or loaded because it names policies', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fednva-config-'))
  const file = join(folder, 'ams.yaml')
  try {
    for (const rest of [
      LEAF,
      'policees: {}\n',
      'policies:\n',
      'policies: {}\n',
      'policies: 3\n',
      'policies: { p: [] }\n',
      'policies: { p: [{ name: a, match: { vnis: 3 }, then: accept }] }\n',
      'policies: { p: [{ name: a, match: { vn: wbe }, then: accept }] }\n',
      `policies: { p: [{ name: a, match: { mac: { file: macs.txt } }, then: accept }] }\n${LEAF}`,
      'interVn: [{ from: web, to: db, prefixes: [10.1.0.0/16] }]\n',
      'interVn: 3\n',
    ]) {
      writeFileSync(file, NVA + rest)
      const [loaded, checked] = [await loadConfiguration(file), checkText(NVA + rest, file)]
      expect(loaded.ok, rest).toBe(checked.ok)
      const said = [loaded, checked].map((one) => (one.ok ? one.warnings : one.problems).map(formatProblem))
      expect(said[0], rest).toEqual(said[1])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a policy that a reload brings is compiled although the file had none before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fednva-config-'))
  const file = join(folder, 'ams.yaml')
  try {
    writeFileSync(file, NVA)
    const before = await loadConfiguration(file)
    if (!before.ok) throw new Error(before.problems.map(formatProblem).join('\n'))
    writeFileSync(
      file,
      `${NVA}policies: { p: [{ name: a, match: { vni: 10100 }, then: reject }] }\npeers: { leaf: { address: 192.0.2.11, import: p } }\n`,
    )
    const after = await loadConfiguration(file, before.configuration)
    if (!after.ok) throw new Error(after.problems.map(formatProblem).join('\n'))
    expect(after.configuration.speaker.peers[0]?.importPolicy?.terms.map(({ policy, name }) => `${policy} ${name}`)).toEqual(['p a'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
