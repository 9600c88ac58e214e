import { describe, expect, test } from 'vitest'
import { hex } from '../../src/bytes/octets.ts'
import { checkEdgeText } from '../../src/config/edge.ts'
import { OwnRoutes } from '../../src/nve/own-routes.ts'

/** The octets of an edge with this VTEP, put together by hand from the RFCs. */
function routesOf(vtep: string) {
  const checked = checkEdgeText(
    `nve: { name: e, asn: 65001, routerId: 192.0.2.11, vtep: "${vtep}", nvas: [192.0.2.1] }
vns: { first: { vni: 1 }, web: { vni: 10100 } }`,
    'edge.yaml',
  )
  if (!checked.ok) throw new Error('configuration')
  return { own: new OwnRoutes(checked.configuration), web: checked.configuration.vns[1]! }
}

const ORIGIN = '40010100'
const AS_PATH = '400200'
const RT = '0002fde900002774'
const VXLAN = '030c000000000008'
/** RD type 1, 192.0.2.11:2: web is the second VN. */
const RD = '0001c000020b0002'
const VNI = '002774'

describe('the routes of an edge, octet for octet', () => {
  test('IMET with ingress replication to the VTEP, the VNI as label (RFC 7432 7.3, RFC 6514 5, RFC 8365 5.1.3)', () => {
    const { own, web } = routesOf('192.0.2.11')
    const { attributes, nlri } = own.imet(web)
    expect(hex(nlri)).toBe(`0311${RD}0000000020c000020b`)
    expect(hex(attributes)).toBe(`${ORIGIN}${AS_PATH}c01010${RT}${VXLAN}c016090006${VNI}c000020b`)
  })

  test('IMET of an IPv6 VTEP', () => {
    const { own, web } = routesOf('2001:db8::b')
    const address = '20010db800000000000000000000000b'
    expect(hex(own.imet(web).nlri)).toBe(`031d${RD}0000000080${address}`)
    expect(hex(own.imet(web).attributes)).toBe(`${ORIGIN}${AS_PATH}c01010${RT}${VXLAN}c016150006${VNI}${address}`)
    expect(hex(own.vtep)).toBe(address)
  })

  test('MAC/IP without ESI, the VNI as label; MAC Mobility only above sequence 0 (RFC 7432 7.2, 7.7)', () => {
    const { own, web } = routesOf('192.0.2.11')
    const esiAndTag = '00'.repeat(14)
    const first = own.macIp(web, '02:00:00:00:01:01', null, { sticky: false, sequence: 0 })
    expect(hex(first.nlri)).toBe(`0221${RD}${esiAndTag}3002000000010100${VNI}`)
    expect(hex(first.attributes)).toBe(`${ORIGIN}${AS_PATH}c01010${RT}${VXLAN}`)
    const moved = own.macIp(web, '02:00:00:00:01:01', '10.1.0.1', { sticky: false, sequence: 7 })
    expect(hex(moved.nlri)).toBe(`0225${RD}${esiAndTag}30020000000101200a010001${VNI}`)
    expect(hex(moved.attributes)).toBe(`${ORIGIN}${AS_PATH}c01018${RT}${VXLAN}0600000000000007`)
  })
})
