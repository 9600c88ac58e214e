import net from 'node:net'
import { expect, test } from 'vitest'
import { realWorld } from '../../src/transport/world.ts'
import { dialTo, listening } from './pair.ts'

async function unusedPort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('a dial that is refused says so', async () => {
  expect(await dialTo({ address: '127.0.0.1', port: await unusedPort() })).toBe('connection refused (ECONNREFUSED)')
})

test('a dial uses the local address it is given', async () => {
  const { listener, accepted } = await listening()
  const near = await dialTo(listener.endpoints[0]!, { localAddress: '127.0.0.9' })
  const far = await accepted()
  expect(far.link.remote.address).toBe('127.0.0.9')
  far.link.close()
  listener.close()
  expect(near).toBeTypeOf('object')
})

test('a dial from an address that is not here says so', async () => {
  const { listener } = await listening()
  expect(await dialTo(listener.endpoints[0]!, { localAddress: '192.0.2.77' })).toBe('local address is not on this machine (EADDRNOTAVAIL)')
  listener.close()
})

test('what this machine cannot is told from nobody being there', async () => {
  const { listener } = await listening()
  const dialled = (port: number, localAddress: string | null) =>
    new Promise<boolean | undefined>((resolve) => {
      const up = () => {
        throw new Error('unreachable')
      }
      realWorld().dial({ address: '127.0.0.1', port, password: null, localAddress }, up, (_why, ours) => resolve(ours))
    })
  expect(await dialled(listener.endpoints[0]!.port, '192.0.2.77')).toBe(true)
  expect(await dialled(await unusedPort(), null)).toBe(false)
  listener.close()
})

test('a dial that is called off tells nothing', async () => {
  const { listener } = await listening()
  const told: string[] = []
  const alarm = realWorld().dial(
    { ...listener.endpoints[0]!, password: null, localAddress: null },
    () => {
      told.push('up')
      throw new Error('unreachable')
    },
    (why) => told.push(why),
  )
  alarm.cancel()
  // Another dial made after it has come up: the first would have told by now.
  const near = await dialTo(listener.endpoints[0]!)
  if (typeof near !== 'string') near.link.close()
  listener.close()
  expect(told).toEqual([])
})

test('neither outcome is told from inside the call that dials', async () => {
  let inside = true
  const why = await new Promise<string>((resolve) => {
    realWorld().dial(
      { address: '127.0.0.1', port: 1, password: null, localAddress: null },
      () => {
        throw new Error('unreachable')
      },
      (reason) => resolve(inside ? 'inside' : reason),
    )
    inside = false
  })
  expect(why).not.toBe('inside')
})

test('a dial without an answer fails by itself', async () => {
  const { listener } = await listening()
  const failed = dialTo(listener.endpoints[0]!, { world: realWorld({ dialTimeoutMs: 1 }) })
  // The event loop looks at timers before sockets: kept busy past the time given, it finds the dial overdue before it hears of the answer.
  const until = performance.now() + 5
  while (performance.now() < until);
  const why = await failed
  listener.close()
  expect(why).toBe('no answer within 0.001 s')
})
