import { expect, test } from 'vitest'
import { checkText } from '../../src/config/check-text.ts'
import { formatProblem } from '../../src/config/file/problem.ts'

/** What is warned of where web crosses to fra and par by these shares. */
function warningsOf(fra: string, par: string, more: { readonly transit?: string; readonly vn?: string } = {}): string[] {
  const result = checkText(
    `nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1 }
vns:
  web: ${more.vn ?? '{ vni: 10100 }'}
federation:
  transit: [${more.transit ?? ''}]
  domains:
    fra: { asn: 65002, peers: [198.51.100.1], share: { web: ${fra} } }
    par: { asn: 65003, peers: [203.0.113.1], share: { web: ${par} } }
`,
    'ams.yaml',
  )
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.warnings.map(formatProblem)
}

const BOX = 'via: { gateway: 192.0.2.250 }'
const TRANSIT = { transit: '[par, fra]' }

test('one gateway with a VNI for each of two domains that transit does not pair: a bridge would pass frames, and lines say where', () => {
  expect(warningsOf(`{ vni: 70001, ${BOX} }`, `{ vni: 70002, ${BOX} }`)).toEqual([
    'ams.yaml:8:67: federation.domains.par.share.web.vni: web crosses to fra (line 7) and to par through the one gateway 192.0.2.250, with a VNI for each: if that is a plain bridge, ' +
      'frames pass between the two, which transit does not name, and go round for ever where they are joined as well; one VNI for both, or isolated bridge ports, keep them apart (docs/gateway-loops.md)',
  ])
})

test('one VNI for both is nothing to be warned of, and with transit a VNI for each', () => {
  expect(warningsOf(`{ vni: 70001, ${BOX} }`, `{ vni: 70001, ${BOX} }`)).toEqual([])
  expect(warningsOf(`{ vni: 70001, ${BOX} }`, `{ vni: 70002, ${BOX} }`, TRANSIT)).toEqual([])
})

test('with transit one VNI for both: routes pass and frames do not', () => {
  expect(warningsOf(`{ ${BOX} }`, `{ ${BOX} }`, TRANSIT)).toEqual([
    'ams.yaml:8:67: federation.domains.par.share.web.via: web crosses to fra (line 7) and to par through the one gateway 192.0.2.250, with VNI 10100 for both: transit lets routes pass ' +
      'between the two, but a plain bridge sends no frame back to the VXLAN device that it came from; it needs a VNI for each (docs/gateway-loops.md)',
  ])
})

test('what tells boxes apart is their address towards the local NVEs, of whichever rank', () => {
  const ranked = (...inside: string[]) =>
    `via: { gateways: [${inside.map((one, i) => `{ address: 198.18.0.${i + 1}, inside: ${one} }`).join(', ')}] }`
  const two = (fra: string, par: string) => warningsOf(`{ vni: 70001, ${fra} }`, `{ vni: 70002, ${par} }`).length
  expect(two(ranked('10.0.0.1', '10.0.0.2'), 'via: { gateway: 192.0.2.250, inside: 10.0.0.2 }')).toBe(1)
  expect(two(ranked('10.0.0.1', '10.0.0.2'), ranked('10.0.0.3'))).toBe(0)
})

test('no bridge: a routed VN, gateways of an interconnect Ethernet segment, and a VN that crosses directly', () => {
  const routed = 'via: { gateway: 192.0.2.250, routerMac: "02:00:5e:00:00:01" }'
  expect(warningsOf(`{ vni: 1, ${routed} }`, `{ vni: 2, ${routed} }`, { vn: '{ vni: 10100, service: l3 }' })).toEqual([])
  const segment = 'via: { gateway: 192.0.2.250, esi: "00:01:02:03:04:05:06:07:08:09" }'
  expect(warningsOf(`{ vni: 1, ${segment} }`, `{ vni: 2, ${segment} }`)).toEqual([])
  expect(warningsOf(`{ vni: 70001, ${BOX} }`, '{}')).toEqual([])
})
