import { expect, test } from 'vitest'
import type { ListenRangeSettings, PeerSettings, PeerTemplate } from '../../src/speaker/settings.ts'
import { tcpKeys } from '../../src/transport/keys.ts'

const TEMPLATE: PeerTemplate = {
  role: 'nve',
  group: null,
  profile: null,
  importPolicy: null,
  exportPolicy: null,
  domain: null,
  asn: 65001,
  port: 179,
  passive: false,
  localAddress: null,
  password: null,
  routeReflectorClient: true,
  holdTimeSeconds: 9,
  connectRetrySeconds: 5,
  sendHoldSeconds: 0,
}

test('every peer and range with a password has its key, and nobody else (RFC 2385)', () => {
  const peers: PeerSettings[] = [
    { ...TEMPLATE, name: 'plain', address: '192.0.2.1' },
    { ...TEMPLATE, name: 'four', address: '192.0.2.2', password: 'p4' },
    { ...TEMPLATE, name: 'six', address: '2001:db8::2', password: 'p6' },
  ]
  const listenRanges: ListenRangeSettings[] = [
    { ...TEMPLATE, prefix: Uint8Array.of(192, 0, 2, 64), prefixLength: 26, limit: 40, password: 'range' },
    { ...TEMPLATE, prefix: Uint8Array.of(192, 0, 2, 128), prefixLength: 26, limit: 40 },
  ]
  expect(tcpKeys({ peers, listenRanges })).toEqual([
    { network: Uint8Array.of(192, 0, 2, 2), prefixLength: 32, password: 'p4' },
    { network: Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2), prefixLength: 128, password: 'p6' },
    { network: Uint8Array.of(192, 0, 2, 64), prefixLength: 26, password: 'range' },
  ])
})
