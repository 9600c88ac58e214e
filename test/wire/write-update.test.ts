import { describe, expect, it } from 'vitest'
import { readMessage } from '../../src/wire/message.ts'
import { writeUpdate } from '../../src/wire/update-view.ts'
import { toHex } from './vectors.ts'

const CONTEXT = { fourOctetAs: true, internal: true }

describe('an UPDATE made of fields', () => {
  it('needs only what the octets are made of, and has attributes in ascending order', () => {
    const bytes = writeUpdate(
      {
        attributes: {
          mpReach: { afi: 25, safi: 70, nextHop: '10.0.0.1', nlri: [{ routeType: 3, rd: '10.0.0.1:2', ethernetTag: 0, ip: '10.0.0.1' }] },
          pmsiTunnel: { flags: 0, tunnelType: 6, vni: 10100, tunnelId: '0a000001' },
          extCommunities: [
            { name: 'route-target', value: '65001:10100' },
            { name: 'encapsulation', tunnelType: 8 },
            { name: 'mac-mobility', sticky: true, sequence: 4 },
            { name: 'router-mac', mac: '02:00:5e:00:00:01' },
          ],
          localPref: 100,
          asPath: [],
          origin: 'igp',
        },
      },
      CONTEXT,
    )
    const { message, faults } = readMessage(bytes, CONTEXT)
    expect(faults).toEqual([])
    expect(message).toMatchObject({
      attributeOrder: [1, 2, 5, 14, 16, 22],
      attributes: {
        extCommunities: [
          { hex: '0002fde900002774' },
          { hex: '030c000000000008' },
          { hex: '0600010000000004', sequence: 4 },
          { hex: '060302005e000001' },
        ],
        mpReach: { nlri: [{ routeType: 3, rdType: 1, rd: '10.0.0.1:2', ip: '10.0.0.1' }] },
        pmsiTunnel: { tunnelName: 'ingress-replication', endpoint: '10.0.0.1', vni: 10100 },
      },
    })
  })

  it('without anything is the End-of-RIB of IPv4 unicast, with an empty MP_UNREACH_NLRI that of its family (RFC 4724 2)', () => {
    expect(toHex(writeUpdate({}, CONTEXT).slice(16))).toBe('00170200000000')
    const evpn = writeUpdate({ attributes: { mpUnreach: { afi: 25, safi: 70, nlri: [] } } }, CONTEXT)
    expect(toHex(evpn.slice(16))).toBe('001d0200000006800f03001946')
    expect(readMessage(evpn, CONTEXT).message).toMatchObject({ endOfRib: { afi: 25, safi: 70 } })
  })

  it('has the extended length bit only where a value needs it (RFC 4271 4.3)', () => {
    const communities = (count: number) => ({ attributes: { communities: Array.from({ length: count }, (_, i) => `65001:${i}`) } })
    expect(toHex(writeUpdate(communities(63), CONTEXT).slice(23, 27))).toBe('c008fcfd')
    expect(toHex(writeUpdate(communities(64), CONTEXT).slice(23, 27))).toBe('d0080100')
  })

  it('is refused with a name that no attribute has: a bug of ours', () => {
    expect(() => writeUpdate({ attributes: { nothing: 1 } as never }, CONTEXT)).toThrow('no path attribute nothing')
  })
})

describe('a message whose length field is wrong', () => {
  it('for the octets given is a fault (RFC 4271 6.1)', () => {
    const bytes = writeUpdate({}, CONTEXT)
    expect(readMessage(bytes.slice(0, 22), CONTEXT).faults).toMatchObject([{ code: 1, subcode: 2 }])
    const longer = new Uint8Array(24)
    longer.set(bytes)
    expect(readMessage(longer, CONTEXT).faults).toMatchObject([{ code: 1, subcode: 2 }])
  })

  it('for what was agreed is a fault (RFC 8654 4)', () => {
    const bytes = writeUpdate({ attributes: { communities: Array.from({ length: 1100 }, () => '1:1') } }, CONTEXT)
    expect(readMessage(bytes, CONTEXT).faults).toMatchObject([{ code: 1, subcode: 2 }])
    expect(readMessage(bytes, { ...CONTEXT, extendedMessage: true }).faults).toEqual([])
  })
})
