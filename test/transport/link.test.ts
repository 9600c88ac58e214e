import net from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { realWorld } from '../../src/transport/world.ts'
import { connected, dialTo, type End } from './pair.ts'

const MIB = 1 << 20

const open: { near: End; far: End; listener: { close(): void } }[] = []

async function pair(): Promise<{ near: End; far: End }> {
  const both = await connected()
  open.push(both)
  return both
}

afterEach(() => {
  vi.useRealTimers()
  for (const { near, far, listener } of open.splice(0)) {
    near.link.close()
    far.link.close()
    listener.close()
  }
})

describe('a link', () => {
  test('carries octets both ways, in order', async () => {
    const { near, far } = await pair()
    for (const word of ['one ', 'two ', 'three']) near.link.write(Buffer.from(word))
    far.link.write(Buffer.from('back'))
    await Promise.all([far.until(() => far.octets === 13), near.until(() => near.octets === 4)])
    expect([far.text(), near.text()]).toEqual(['one two three', 'back'])
  })

  test('knows both endpoints', async () => {
    const { near, far } = await pair()
    expect(near.link.local).toEqual(far.link.remote)
    expect(near.link.remote).toEqual(far.link.local)
    expect(near.link.remote.address).toBe('127.0.0.1')
  })

  test('counts what the system has not taken, and tells when that falls to nothing', async () => {
    const { near, far } = await pair()
    far.link.pause()
    const chunk = Buffer.alloc(MIB, 0x55)
    for (let count = 0; count < 32; count++) near.link.write(chunk)
    expect(near.link.pending).toBe(32 * MIB)
    // A full turn of the event loop: what the system would take, it has taken; 32 MiB is more than it buffers.
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(near.link.pending).toBeGreaterThan(0)
    expect(near.drains).toBe(0)
    far.link.resume()
    await Promise.all([near.until(() => near.drains > 0), far.until(() => far.octets === 32 * MIB)])
    expect(near.link.pending).toBe(0)
  })

  test('keeps what is written while earlier octets are under way', async () => {
    const { near, far } = await pair()
    far.link.pause()
    near.link.write(Buffer.alloc(32 * MIB, 0x61))
    await new Promise(setImmediate)
    near.link.write(Buffer.from('b'))
    near.link.write(Buffer.from('c'))
    expect(near.link.pending).toBe(32 * MIB + 2)
    far.link.resume()
    await far.until(() => far.octets === 32 * MIB + 2)
    expect(Buffer.from(Buffer.concat(far.chunks).subarray(-3)).toString()).toBe('abc')
  })

  test('tells of a drain once for the writes of one turn', async () => {
    const { near, far } = await pair()
    for (let count = 0; count < 100; count++) near.link.write(Buffer.from('x'))
    await far.until(() => far.octets === 100)
    await near.until(() => near.drains > 0)
    expect(near.drains).toBe(1)
  })

  test('says nothing of a write of no octets', async () => {
    const { near } = await pair()
    near.link.write(new Uint8Array(0))
    expect(near.link.pending).toBe(0)
  })
})

describe('closing a link', () => {
  test('sends what was written just before, and tells the other end only', async () => {
    const { near, far } = await pair()
    near.link.write(Buffer.from('last words'))
    near.link.close()
    await far.until(() => far.why !== null)
    expect([far.text(), far.why, near.why]).toEqual(['last words', 'closed by the peer', null])
  })

  test('does not reset the connection over octets nobody read', async () => {
    const { near, far } = await pair()
    near.link.pause()
    far.link.pause()
    // More than Node reads ahead, so that octets are left in the kernel.
    far.link.write(Buffer.alloc(MIB))
    await far.until(() => far.drains > 0)
    near.link.write(Buffer.from('last words'))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    near.link.close()
    // Whatever near sends by itself has arrived when far looks at last.
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    far.link.resume()
    await far.until(() => far.why !== null)
    expect([far.text(), far.why]).toEqual(['last words', 'closed by the peer'])
  })

  test('sends what was waiting behind octets under way', async () => {
    const { near, far } = await pair()
    far.link.pause()
    near.link.write(Buffer.alloc(16 * MIB))
    await new Promise(setImmediate)
    near.link.write(Buffer.from('last words'))
    // Without its clock the farewell never ends by itself: what ends it is the FIN behind the last octet.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    near.link.close()
    far.link.resume()
    await far.until(() => far.why !== null)
    expect(far.octets).toBe(16 * MIB + 10)
  })

  test('twice is closing once, and writing afterwards is nothing', async () => {
    const { near, far } = await pair()
    near.link.close()
    near.link.close()
    near.link.write(Buffer.from('late'))
    await far.until(() => far.why !== null)
    expect([near.link.pending, far.octets]).toEqual([0, 0])
  })

  test('lets go of a peer that takes nothing, after a second', async () => {
    const { near, far } = await pair()
    far.link.pause()
    near.link.write(Buffer.alloc(32 * MIB))
    await new Promise(setImmediate)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    near.link.close()
    vi.advanceTimersByTime(1_000)
    far.link.resume()
    await far.until(() => far.why !== null)
    expect(far.octets).toBeLessThan(32 * MIB)
  })
})

test('a reset by the peer is told as such', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.resetAndDestroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  const near = (await dialTo({ address: '127.0.0.1', port }, { world: realWorld() })) as End
  near.link.write(Buffer.from('hello'))
  await near.until(() => near.why !== null)
  server.close()
  expect(near.why).toBe('connection reset by the peer (ECONNRESET)')
})
