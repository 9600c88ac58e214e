/** TCP MD5 signatures, RFC 2385, with the kernel of this machine. A wrong key shows as silence: those dials wait 400 ms. */
import net from 'node:net'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listen } from '../../src/transport/listener.ts'
import { descriptorOf, socketOptions, type TcpKey } from '../../src/transport/sockopt.ts'
import { realWorld } from '../../src/transport/world.ts'
import { dialTo, type End, listening, trouble } from './pair.ts'

const LOOPBACK = Uint8Array.of(127, 0, 0, 1)
const LOOPBACK6 = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
const KEY: TcpKey = { network: LOOPBACK, prefixLength: 32, password: 'a secret' }

/** Why there can be no signatures here, or null. */
async function missing(): Promise<string | null> {
  try {
    const options = await socketOptions()
    const fd = options.open(false)
    try {
      options.setKey(fd, false, KEY)
    } finally {
      options.close(fd)
    }
    return null
  } catch (error) {
    return String(error)
  }
}

const why = await missing()
const impatient = realWorld({ dialTimeoutMs: 400 })
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function signedListener(keys: readonly TcpKey[], address = '127.0.0.1') {
  const both = await listening({ endpoints: [{ address, port: 0 }], keys })
  closers.push(() => both.listener.close())
  return both
}

function keep(end: End): End {
  closers.push(() => end.link.close())
  return end
}

test('the descriptor of a Node server and of its sockets can be had', async () => {
  const server = net.createServer()
  expect(descriptorOf(server)).toBe(-1)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  expect(descriptorOf(server)).toBeGreaterThan(2)
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  expect(descriptorOf(socket)).toBeGreaterThan(2)
  socket.destroy()
  server.close()
})

describe.skipIf(why !== null)(`TCP MD5${why === null ? '' : ` (skipped: ${why})`}`, () => {
  beforeAll(() => expect(why).toBeNull())

  test('connects both ends of one key, octets both ways', async () => {
    const { listener, accepted } = await signedListener([KEY])
    const [near, far] = await Promise.all([dialTo(listener.endpoints[0]!, { password: 'a secret' }) as Promise<End>, accepted()])
    keep(near).link.write(Buffer.from('ping'))
    keep(far).link.write(Buffer.from('pong!'))
    await Promise.all([far.until(() => far.octets === 4), near.until(() => near.octets === 5)])
    expect([far.text(), near.text()]).toEqual(['ping', 'pong!'])
  })

  test('connects over IPv6', async () => {
    const { listener, accepted } = await signedListener([{ ...KEY, network: LOOPBACK6, prefixLength: 128 }], '::1')
    const [near, far] = await Promise.all([dialTo(listener.endpoints[0]!, { password: 'a secret' }), accepted()])
    keep(near as End)
    expect(keep(far).link.remote.address).toBe('::1')
  })

  test('connects an IPv4 peer on a socket for both', async () => {
    const { listener, accepted } = await signedListener([KEY], '::')
    const endpoint = { address: '127.0.0.1', port: listener.endpoints[0]!.port }
    const [near, far] = await Promise.all([dialTo(endpoint, { password: 'a secret' }), accepted()])
    keep(near as End)
    expect(keep(far).link.remote.address).toBe('127.0.0.1')
  })

  test('connects from a given local address', async () => {
    const { listener, accepted } = await signedListener([{ ...KEY, network: Uint8Array.of(127, 0, 0, 9) }])
    const [near, far] = await Promise.all([dialTo(listener.endpoints[0]!, { password: 'a secret', localAddress: '127.0.0.9' }), accepted()])
    keep(near as End)
    expect(keep(far).link.remote.address).toBe('127.0.0.9')
  })

  test('connects any peer of a range that has one key', async () => {
    const { listener, accepted } = await signedListener([{ ...KEY, network: Uint8Array.of(127, 0, 4, 0), prefixLength: 24 }])
    const [near, far] = await Promise.all([dialTo(listener.endpoints[0]!, { password: 'a secret', localAddress: '127.0.4.5' }), accepted()])
    keep(near as End)
    expect(keep(far).link.remote.address).toBe('127.0.4.5')
  })

  test.each([
    ['another key', 'another'],
    ['no key', null],
  ])('does not connect a peer with %s', async (_, password) => {
    const { listener } = await signedListener([KEY])
    expect(await dialTo(listener.endpoints[0]!, { world: impatient, password })).toMatch(/^no answer within 0\.4 s/)
  })

  test('leaves a peer without a key alone', async () => {
    const { listener, accepted } = await signedListener([{ ...KEY, network: Uint8Array.of(127, 0, 0, 9) }])
    const [near] = await Promise.all([dialTo(listener.endpoints[0]!), accepted()])
    expect(keep(near as End).link.remote.address).toBe('127.0.0.1')
  })

  test('takes new keys, and gives them up, while it listens', async () => {
    const { listener, accepted } = await signedListener([])
    await listener.setKey(KEY)
    const [signed] = await Promise.all([dialTo(listener.endpoints[0]!, { password: 'a secret' }), accepted()])
    keep(signed as End)
    expect(await dialTo(listener.endpoints[0]!, { world: impatient })).toMatch(/^no answer/)
    await listener.removeKey(KEY)
    const [plain] = await Promise.all([dialTo(listener.endpoints[0]!), accepted()])
    expect(keep(plain as End).why).toBeNull()
  })

  test('dials nobody with a key that cannot be set', async () => {
    const { listener } = await signedListener([])
    expect(await dialTo(listener.endpoints[0]!, { password: 'x'.repeat(81) })).toBe('a TCP MD5 key has 1 to 80 octets, this one 81')
  })

  test('does not listen with a key that cannot be set', async () => {
    const outcome = await listen(
      { endpoints: [{ address: '127.0.0.1', port: 0 }], keys: [{ ...KEY, password: '' }] },
      { accept: () => null, trouble },
    )
    expect(outcome).toMatchObject({ failures: [{ why: 'cannot listen on 127.0.0.1:0: a TCP MD5 key has 1 to 80 octets, this one 0' }] })
  })

  test('names a port in use the same way as without keys', async () => {
    const { listener } = await signedListener([])
    const { port } = listener.endpoints[0]!
    const outcome = await listen({ endpoints: [{ address: '127.0.0.1', port }], keys: [KEY] }, { accept: () => null, trouble })
    expect(outcome).toMatchObject({ failures: [{ code: 'EADDRINUSE' }] })
  })
})
