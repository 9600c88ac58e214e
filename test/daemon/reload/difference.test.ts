import { expect, test } from 'vitest'
import { checkText } from '../../../src/config/check-text.ts'
import type { Configuration } from '../../../src/config/configuration.ts'
import { formatProblem } from '../../../src/config/file/problem.ts'
import { difference, inWords } from '../../../src/daemon/reload/difference.ts'

const TEXT = `nva: { name: a, domain: ams, asn: 65001, routerId: 192.0.2.1, listen: ["192.0.2.1:179"] }
vns:
  web: { vni: 10100 }
  db: { vni: 10200 }
peerGroups: { leaves: { holdTime: 9 } }
peers:
  leaf1: { address: 192.0.2.11, group: leaves }
  leaf2: { address: 192.0.2.12 }
listenRanges: [{ prefix: 198.51.100.0/24, group: leaves }]
federation:
  domains:
    fra: { asn: 65002, peers: [198.51.100.1], share: { web: {} } }
policies:
  p: [{ name: x, match: { vni: 7 }, then: reject }]
`

function read(text: string): Configuration {
  const checked = checkText(text, 'a.yaml')
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  return checked.configuration
}

/** What is told of TEXT with this replaced. */
function told(...replaced: readonly (readonly [string, string])[]): string[] {
  const text = replaced.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`no ${from}`)
    return text.replace(from, to)
  }, TEXT)
  return inWords(difference(read(TEXT), read(text))).map(({ what, count, which }) => `${count} ${what}: ${which.join('; ')}`)
}

test('a file read twice is no change, comments and order of keys are none either', () => {
  expect(told()).toEqual([])
  expect(told(['nva: { name: a, domain: ams,', '# hello\nnva: { domain: ams, name: a,'])).toEqual([])
})

const ANEW = '1 peers changed with a session reset: fra/198.51.100.1 (what crosses)'

test('everything that differs is told once, by name, in the words of the file', () => {
  expect(told(['holdTime: 9', 'holdTime: 30'])).toEqual([
    '1 peers changed with a session reset: leaf1 (holdTime)',
    '1 listen ranges changed with a session reset: 198.51.100.0/24 (holdTime)',
  ])
  expect(told(['leaf2: {', 'leaf3: {'])).toEqual(['1 peers added: leaf3', '1 peers removed: leaf2'])
  expect(told(['192.0.2.12 }', '192.0.2.12, connectRetry: 7 }'])).toEqual(['1 peers changed, sessions untouched: leaf2 (connectRetry)'])
  expect(
    told(['  db: { vni: 10200 }', '  lab: { vni: 10300 }'], ['{ vni: 10100 }', '{ vni: 10100, routeTargets: { import: ["65001:1"] } }']),
  ).toEqual([ANEW, '1 VNs added: lab', '1 VNs removed: db', '1 VNs changed: web (routeTargets)'])
  expect(told(['share: { web: {} }', 'share: { web: {}, db: {} }'])).toEqual([ANEW, '1 federated domains changed: fra (share)'])
  expect(told(['["192.0.2.1:179"]', '["192.0.2.1:179", "[2001:db8::1]:1179"], log: { level: debug }'])).toEqual([
    '1 addresses listened on: [2001:db8::1]:1179',
    '1 other settings changed: nva.log.level',
  ])
  expect(told(['vni: 7', 'vni: 8'])).toEqual(['1 policies changed: p (terms)'])
})

test('what an NVA is from start to end cannot be reloaded', () => {
  const fields = (from: string, to: string) =>
    difference(read(TEXT), read(TEXT.replace(from, to))).restart.map(({ field }) => field.join('.'))
  expect(fields('name: a', 'name: b')).toEqual(['nva.name', 'nva.api.socket'])
  expect(fields('domain: ams', 'domain: par')).toEqual(['nva.domain'])
  expect(fields('asn: 65001', 'asn: 65009')).toEqual(['nva.asn'])
  expect(fields('routerId: 192.0.2.1', 'routerId: 192.0.2.9, clusterId: 192.0.2.1')).toEqual(['nva.routerId'])
  expect(fields('routerId: 192.0.2.1', 'routerId: 192.0.2.1, clusterId: 1.1.1.1')).toEqual(['nva.clusterId'])
  expect(fields('routerId: 192.0.2.1', 'routerId: 192.0.2.1, api: { socket: x }')).toEqual(['nva.api.socket'])
  expect(fields('holdTime: 9', 'holdTime: 30')).toEqual([])
})
