import { readFileSync } from 'node:fs'
import net from 'node:net'
import { expect, test } from 'vitest'
import { listen } from '../../src/transport/listener.ts'
import { realWorld } from '../../src/transport/world.ts'
import { dialTo, type End, listening, trouble } from './pair.ts'

const refuse = { accept: () => null, trouble }

test('listens on IPv4 and IPv6 at once, and tells the ports', async () => {
  const endpoints = [
    { address: '127.0.0.1', port: 0 },
    { address: '::1', port: 0 },
  ]
  const { listener, accepted } = await listening({ endpoints })
  for (const endpoint of listener.endpoints) {
    const [near, far] = await Promise.all([dialTo(endpoint), accepted()])
    expect(far.link.local).toEqual(endpoint)
    far.link.close()
    ;(near as End).link.close()
  }
  listener.close()
})

test('an IPv4 peer on an IPv6 socket has a plain IPv4 address', async () => {
  const { listener, accepted } = await listening({ endpoints: [{ address: '::', port: 0 }] })
  const [near, far] = await Promise.all([dialTo({ address: '127.0.0.1', port: listener.endpoints[0]!.port }), accepted()])
  expect([far.link.local.address, far.link.remote.address]).toEqual(['127.0.0.1', '127.0.0.1'])
  ;(near as End).link.close()
  listener.close()
})

test('leaves IPv4 to the IPv4 endpoint of the same port beside ::', async () => {
  const probe = await listening()
  const { port } = probe.listener.endpoints[0]!
  probe.listener.close()
  const endpoints = [
    { address: '0.0.0.0', port },
    { address: '::', port },
  ]
  const outcome = await listen({ endpoints, keys: [] }, refuse)
  expect(outcome).not.toHaveProperty('failures')
  if ('close' in outcome) outcome.close()
})

test('drops a peer it refuses', async () => {
  const outcome = await listen({ endpoints: [{ address: '127.0.0.1', port: 0 }], keys: [] }, refuse)
  if ('failures' in outcome) throw new Error(outcome.failures[0]!.why)
  const near = (await dialTo(outcome.endpoints[0]!)) as End
  await near.until(() => near.why !== null)
  outcome.close()
  expect([near.octets, near.why]).toEqual([0, 'closed by the peer'])
})

test('gives a peer it refuses what it wrote to it', async () => {
  const accept = (link: { write(octets: Uint8Array): void }): null => {
    link.write(Buffer.from('no'))
    return null
  }
  const outcome = await listen({ endpoints: [{ address: '127.0.0.1', port: 0 }], keys: [] }, { accept, trouble })
  if ('failures' in outcome) throw new Error(outcome.failures[0]!.why)
  const near = (await dialTo(outcome.endpoints[0]!)) as End
  await near.until(() => near.why !== null)
  outcome.close()
  expect(near.text()).toBe('no')
})

test('a port in use is one clear error, and nothing is left listening', async () => {
  const { listener } = await listening()
  const { port } = listener.endpoints[0]!
  const outcome = await listen(
    {
      endpoints: [
        { address: '127.0.0.2', port },
        { address: '127.0.0.1', port },
      ],
      keys: [],
    },
    refuse,
  )
  expect(outcome).toEqual({
    failures: [
      {
        address: '127.0.0.1',
        port,
        code: 'EADDRINUSE',
        why: `cannot listen on 127.0.0.1:${port}: the port is in use by another program (find it with: ss -tlnp 'sport = :${port}'), or choose another one`,
      },
    ],
  })
  expect(await dialTo({ address: '127.0.0.2', port }, { world: realWorld() })).toBe('connection refused (ECONNREFUSED)')
  listener.close()
})

test('an address that is not here is one clear error', async () => {
  const outcome = await listen({ endpoints: [{ address: '192.0.2.77', port: 0 }], keys: [] }, refuse)
  expect(outcome).toMatchObject({
    failures: [{ code: 'EADDRNOTAVAIL', why: 'cannot listen on 192.0.2.77:0: no interface of this machine has this address' }],
  })
})

const firstFree = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))

test.skipIf(firstFree <= 179)(`a port below ${firstFree} without the privilege is one clear error`, async () => {
  const root = process.getuid?.() === 0
  if (root) process.seteuid?.(65534)
  const outcome = await listen({ endpoints: [{ address: '127.0.0.1', port: 179 }], keys: [] }, refuse)
  if (root) process.seteuid?.(0)
  expect(outcome).toMatchObject({
    failures: [{ code: 'EACCES', why: expect.stringMatching(/^cannot listen on 127\.0\.0\.1:179: port 179 needs CAP_NET_BIND_SERVICE/) }],
  })
})

test('links stay when the listener closes', async () => {
  const { listener, accepted } = await listening()
  const [near, far] = await Promise.all([dialTo(listener.endpoints[0]!) as Promise<End>, accepted()])
  listener.close()
  near.link.write(Buffer.from('still here'))
  await far.until(() => far.octets === 10)
  expect(await dialTo(listener.endpoints[0]!)).toBe('connection refused (ECONNREFUSED)')
  near.link.close()
  expect(net.isIPv4(far.link.remote.address)).toBe(true)
})
