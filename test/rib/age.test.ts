import { expect, test } from 'vitest'
import { macIpNlri } from '../wire/update-octets.ts'
import { attributesOf, Feed } from './feed.ts'

test('a path is as old as its last change: the same route again makes it no younger', () => {
  const feed = new Feed()
  feed.addPeer(1)
  const since = () => feed.rib.rows.since[feed.rib.firstRow(0)]
  const route = macIpNlri(1, { label: 100 })
  feed.rib.nowSeconds = 10
  feed.learn(1, attributesOf({}), route)
  feed.rib.nowSeconds = 20
  feed.learn(1, attributesOf({}), route)
  expect(since()).toBe(10)
  feed.rib.nowSeconds = 30
  feed.learn(1, attributesOf({ med: 5 }), route)
  expect(since()).toBe(30)
  feed.rib.nowSeconds = 40
  feed.learn(1, attributesOf({ med: 5 }), macIpNlri(1, { label: 101 }))
  expect(since()).toBe(40)
})
