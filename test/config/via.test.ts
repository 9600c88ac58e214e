import { describe, expect, test } from 'vitest'
import { formatIp } from '../../src/address/ip.ts'
import { formatMac } from '../../src/address/mac.ts'
import { formatRouteTarget } from '../../src/address/route-target.ts'
import { checkText } from '../../src/config/check-text.ts'
import type { Checked, Configuration } from '../../src/config/configuration.ts'
import { formatProblem } from '../../src/config/file/problem.ts'

/** A file that shares web (bridged) and corp (routed) with fra; the lines under `share` begin with line 12. */
function checked(share: string): Checked<Configuration> {
  return checkText(
    `nva: { name: ams-1, domain: ams, asn: 65001, routerId: 192.0.2.1, listen: ["192.0.2.1:179"] }
vns:
  web: { vni: 10100 }
  corp: { vni: 50001, service: l3 }
peers:
  leaf1: { address: 192.0.2.11 }
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
}

function via(share: string) {
  const result = checked(share)
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  const { vni, peerTargets, via } = result.configuration.federation.domains[0]!.share[0]!
  if (via === null || via === undefined) throw new Error('no via')
  const gateways = via.gateways.map(({ address, insideAddress, routerMac }) =>
    [formatIp(address), formatIp(insideAddress), routerMac === null ? '-' : formatMac(routerMac)].join(' '),
  )
  return { vni, theirs: peerTargets.map((one) => formatRouteTarget(one)), ours: via.targets.map((one) => formatRouteTarget(one)), gateways }
}

const problemsOf = (share: string): string[] => {
  const result = checked(share)
  return result.ok ? [] : result.problems.map(formatProblem)
}

describe('a share through gateways', () => {
  test('needs an address alone: the VNI is that of the interconnect, route targets are each side its AS and that VNI', () => {
    expect(via('        web: { vni: 70007, via: { gateway: 192.0.2.250 } }')).toEqual({
      vni: 70007,
      theirs: ['65002:70007'],
      ours: ['65001:70007'],
      gateways: ['192.0.2.250 192.0.2.250 -'],
    })
  })

  test('may say all of it', () => {
    const text = `        corp:
          vni: 70007
          routeTargets: ["65002:7"]
          via: { gateway: 192.0.2.250, inside: 10.0.0.250, routerMac: "02:00:5e:00:00:01", routeTargets: ["65001:7"] }`
    expect(via(text)).toEqual({
      vni: 70007,
      theirs: ['65002:7'],
      ours: ['65001:7'],
      gateways: ['192.0.2.250 10.0.0.250 02:00:5e:00:00:01'],
    })
  })

  test('may have several gateways in the order of their rank, with a Router MAC each or one for all', () => {
    const text = `        corp:
          via:
            routerMac: "02:00:5e:00:00:01"
            gateways: [{ address: 192.0.2.251 }, { address: 192.0.2.252, routerMac: "02:00:5e:00:00:02" }]`
    expect(via(text).gateways).toEqual(['192.0.2.251 192.0.2.251 02:00:5e:00:00:01', '192.0.2.252 192.0.2.252 02:00:5e:00:00:02'])
  })
})

describe('refused with a word about what would be right', () => {
  test.each([
    ['no gateway', 'web: { via: { unknownMac: true } }', 'via: found none, expected a gateway: its VTEP address, or gateways for several'],
    [
      'both forms',
      'web: { via: { gateway: 192.0.2.250, gateways: [{ address: 192.0.2.251 }] } }',
      'via.gateways: found both, expected gateway for one or gateways for several, not both',
    ],
    [
      'the NVA as gateway',
      'web: { via: { gateway: 192.0.2.1 } }',
      'via.gateway: found 192.0.2.1, expected the VTEP of a gateway: this is an address of the NVA, which forwards nothing',
    ],
    [
      'a gateway twice',
      'web: { via: { gateways: [{ address: 192.0.2.250 }, { address: 192.0.2.250 }] } }',
      'via.gateways[1].address: found 192.0.2.250, expected each gateway once: federation.domains.fra.share.web.via.gateways[0].address (line 13) has it',
    ],
    [
      'aggregates of a bridged VN',
      'web: { via: { gateway: 192.0.2.250, aggregates: [10.1.0.0/16] } }',
      'via.aggregates: found a list, expected none: web is bridged (service l2), and prefixes are routed',
    ],
    [
      'a segment that is none',
      'web: { via: { gateway: 192.0.2.250, esi: "00:00:00:00:00:00:00:00:00:00" } }',
      'not all zero and not all ff',
    ],
    ['no gateway address', 'web: { via: { gateway: gw1 } }', 'via.gateway: found gw1, expected an IPv4 or IPv6 address'],
  ])('%s', (_, share, words) => {
    const problems = problemsOf(`        ${share}`)
    expect(problems.join('\n')).toContain(words)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^ams\.yaml:13:\d+: federation\.domains\.fra\.share\.web\.via/)
  })

  test('a routed VN without the Router MAC of its gateway, and with the MACs it does not tell', () => {
    expect(problemsOf('        corp: { via: { gateway: 192.0.2.250, unknownMac: true } }')).toEqual([
      'ams.yaml:13:17: federation.domains.fra.share.corp.via: found none, expected a routerMac: corp is routed (service l3), and frames are sent to that MAC (RFC 9135 8.1)',
      'ams.yaml:13:58: federation.domains.fra.share.corp.via.unknownMac: found true, expected false or nothing: corp is routed (service l3) and tells of no MACs',
    ])
  })
})
