import net from 'node:net'
import { expect, test } from 'vitest'
import { Listening } from '../../src/daemon/listening.ts'

const refuse = { accept: () => null, trouble: (why: string) => expect.fail(why) }
const at = (port: number, address = '127.0.0.1') => ({ address, port })

/** Ports that nobody listens on. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer()
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => void server.close(resolve))))
  return ports
}

function answers({ address, port }: { address: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: address, port })
    socket.on('connect', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

test('endpoints come and go while others stay', async () => {
  const [a = 0, b = 0, c = 0] = await freePorts(3)
  const listening = new Listening(refuse)
  expect(await listening.change({ endpoints: [at(a), at(b)], keys: [] })).toEqual({ ok: true })
  expect(await listening.change({ endpoints: [at(b), at(c)], keys: [] })).toEqual({ ok: true })
  expect(listening.endpoints).toEqual([at(b), at(c)])
  expect(await Promise.all([a, b, c].map((port) => answers(at(port))))).toEqual([false, true, true])
  listening.close()
  expect(await Promise.all([b, c].map((port) => answers(at(port))))).toEqual([false, false])
})

test('when one cannot be opened none is, and those from before are there again', async () => {
  const [a = 0, b = 0, taken = 0] = await freePorts(3)
  const other = net.createServer()
  await new Promise<void>((resolve) => void other.listen(taken, '127.0.0.1', resolve))
  const listening = new Listening(refuse)
  await listening.change({ endpoints: [at(a)], keys: [] })
  expect(await listening.change({ endpoints: [at(b), at(taken)], keys: [] })).toEqual({
    ok: false,
    why: [expect.stringContaining(`cannot listen on 127.0.0.1:${taken}: the port is in use by another program`)],
  })
  expect(listening.endpoints).toEqual([at(a)])
  expect(await Promise.all([a, b].map((port) => answers(at(port))))).toEqual([true, false])
  listening.close()
  other.close()
})

test('an IPv4 endpoint beside :: of its port takes IPv4 over, and gives it back', async () => {
  const [port = 0] = await freePorts(1)
  const listening = new Listening(refuse)
  const everywhere = { endpoints: [at(port, '::')], keys: [] }
  for (const hearing of [everywhere, { endpoints: [at(port, '::'), at(port)], keys: [] }, everywhere]) {
    expect(await listening.change(hearing)).toEqual({ ok: true })
    expect(await answers(at(port))).toBe(true)
    expect(await answers(at(port, '::1'))).toBe(true)
  }
  expect(await answers(at(port, '127.0.0.2'))).toBe(true)
  listening.close()
})

test('keys of peers are set and taken back on sockets that are open', async () => {
  const [port = 0] = await freePorts(1)
  const listening = new Listening(refuse)
  const key = (last: number, password: string) => ({ network: Uint8Array.of(127, 0, 0, last), prefixLength: 32, password })
  const hearing = (...keys: ReturnType<typeof key>[]) => ({ endpoints: [at(port)], keys })
  for (const keys of [[], [key(2, 'a'), key(3, 'b')], [key(2, 'c')], []]) {
    expect(await listening.change(hearing(...keys))).toEqual({ ok: true })
  }
  // A key no system takes: nothing of the change stays.
  const refused = await listening.change(hearing(key(2, 'a'), key(3, 'x'.repeat(200))))
  expect(refused).toMatchObject({ ok: false, why: [expect.stringContaining('the TCP MD5 key of 127.0.0.3/32 cannot be changed')] })
  expect(await answers(at(port))).toBe(true)
  listening.close()
})
