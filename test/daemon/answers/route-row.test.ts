/** Which VNs a route is shown to belong to, and why to none. */
import { expect, test } from 'vitest'
import type { RouteRow } from '../../../src/api/schema/routes.ts'
import { routeRow } from '../../../src/daemon/answers/route-row.ts'
import { LEAF_1, PolicyStage } from '../../sim/policy-stage.ts'
import { macRoute } from '../../sim/scripted-peer.ts'

const LEAF = `peers: { leaf1: { address: ${LEAF_1}, role: nve } }`
const WEB = 'vns: { web: { vni: 10100 } }'
const mac = (n: number) => `02:00:00:00:00:0${n}`
const esRoute = { routeType: 4, rdType: 1, rd: `${LEAF_1}:1`, esi: '00:01:02:03:04:05:06:07:08:09', ip: LEAF_1 }

function rows({ nva }: PolicyStage): RouteRow[] {
  const { rib } = nva.speaker
  const found: RouteRow[] = []
  for (let dest = 0; dest < rib.destinations.capacity; dest++) {
    for (let row = rib.destinations.isLive(dest) ? rib.firstRow(dest) : -1; row >= 0; row = rib.nextRow(row))
      found.push(routeRow(nva, dest, row, 0))
  }
  return found
}

function told(vns: string) {
  const stage = new PolicyStage(`${vns}\n${LEAF}`)
  const leaf1 = stage.join(LEAF_1)
  leaf1.announce([macRoute(LEAF_1, mac(1))], ['65001:10100'])
  leaf1.announce([macRoute(LEAF_1, mac(2))], ['65001:999'])
  leaf1.announce([macRoute(LEAF_1, mac(3)), esRoute], [])
  stage.settle()
  return { stage, noVn: Object.fromEntries(rows(stage).map(({ mac: of, vns: names, noVn }) => [of ?? 'es', noVn ?? names.join()])) }
}

test('a route of no VN says that it has no route target, or which of them no VN has; one that needs none says nothing', () => {
  const { stage, noVn } = told(WEB)
  expect(noVn).toEqual({
    [mac(1)]: 'web',
    [mac(2)]: 'no VN here has the route target 65001:999',
    [mac(3)]: 'has no route target: is of no VN, and no NVE imports it',
    es: '',
  })
  const id = stage.attachment(LEAF_1)?.inbound.peer
  expect(stage.nva.census.strays).toEqual(new Map([[id, 2]]))
})

test('a plain reflector knows no VNs, and minds missing route targets alone', () => {
  const { noVn } = told('')
  expect(noVn).toMatchObject({ [mac(1)]: '', [mac(2)]: '', [mac(3)]: expect.stringContaining('no route target') })
})

test('a route that was made for another domain is of the VN that crosses to it, whatever its targets are there', () => {
  const stage = new PolicyStage(`${WEB}
${LEAF}
federation:
  domains:
    fra: { asn: 65002, peers: [198.51.100.1], share: { web: { vni: 70007, via: { gateway: 192.0.2.250 } } } }
`)
  stage.join(LEAF_1).announce([macRoute(LEAF_1, mac(1), '10.1.0.1')], ['65001:10100'])
  stage.settle(5_000)
  const made = rows(stage).filter(({ madeFor }) => madeFor === 'fra')
  expect(made.map(({ mac: of, vnis, routeTargets, vns, noVn }) => [of, vnis, routeTargets, vns, noVn])).toContainEqual([
    mac(1),
    [70007],
    ['65001:70007'],
    ['web'],
    null,
  ])
  expect(made.every(({ vns }) => vns.join() === 'web')).toBe(true)
})
