import { expect, test } from 'vitest'
import type { Link } from '../../src/speaker/world.ts'
import { DialQueue } from '../../src/transport/dial-queue.ts'
import { InputSlices } from '../../src/transport/input-slices.ts'
import { listening } from './pair.ts'

const handlers = { received() {}, drained() {}, closed() {} }

test('dials beyond the limit wait for a place, and a dial that ends makes room', async () => {
  const { listener } = await listening()
  const target = { ...listener.endpoints[0]!, password: null, localAddress: null }
  const queue = new DialQueue(1, { timeoutMs: 10_000, input: new InputSlices() })
  const links: Link[] = []
  const order: number[] = []
  await new Promise<void>((resolve) => {
    for (const n of [1, 2, 3]) {
      queue.dial(
        target,
        (link) => {
          links.push(link)
          order.push(n)
          if (n === 3) resolve()
          return handlers
        },
        (why) => {
          throw new Error(why)
        },
      )
    }
  })
  expect(order).toEqual([1, 2, 3])
  for (const link of links) link.close()
  listener.close()
})

test('a dial that is called off while it waits never happens, and those behind it go on', async () => {
  const { listener } = await listening()
  const target = { ...listener.endpoints[0]!, password: null, localAddress: null }
  const queue = new DialQueue(1, { timeoutMs: 10_000, input: new InputSlices() })
  const told: string[] = []
  const say = (what: string) => (link: Link) => {
    told.push(what)
    link.close()
    return handlers
  }
  const refused = (why: string) => void told.push(why)
  const first = queue.dial(target, say('first'), refused)
  const second = queue.dial(target, say('second'), refused)
  first.cancel()
  second.cancel()
  await new Promise<void>((resolve) => {
    queue.dial(
      target,
      (link) => {
        resolve()
        return say('third')(link)
      },
      refused,
    )
  })
  expect(told).toEqual(['third'])
  listener.close()
})
