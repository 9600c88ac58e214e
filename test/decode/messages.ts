import { type MessageFields, writeMessage } from '../../src/wire/message.ts'

export const CONTEXT = { fourOctetAs: true, internal: true }

export const keepalive = writeMessage({ type: 'KEEPALIVE' }, CONTEXT)

/** An UPDATE with one IMET route; `number` tells them apart. */
export function update(number: number, context = CONTEXT): Uint8Array {
  const nlri = [{ routeType: 3, rd: `65001:${number}`, ethernetTag: 0, ip: '192.0.2.1' }]
  const asPath = [{ type: 'sequence' as const, asns: [65001, 65002] }]
  const attributes = { origin: 'igp' as const, asPath, localPref: 100, mpReach: { afi: 25, safi: 70, nextHop: '192.0.2.1', nlri } }
  return writeMessage({ type: 'UPDATE', attributes } as MessageFields, context)
}

export function open(as: number, capabilities: readonly object[]): Uint8Array {
  const fields = {
    type: 'OPEN',
    version: 4,
    myAs: as,
    holdTime: 90,
    bgpId: '192.0.2.1',
    capabilities,
    extendedOptionalParameters: false,
    otherParameters: [],
  }
  return writeMessage(fields as unknown as MessageFields, CONTEXT)
}

export const FOUR_OCTET_AS = (as: number) => ({ code: 65, name: 'four-octet-as', length: 4, as })
export const ADD_PATH = (mode: number) => ({ code: 69, name: 'add-path', length: 4, families: [{ afi: 25, safi: 70, mode }] })

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
