import { expect, test } from 'vitest'
import { NO_JUDGE } from '../../src/rib/route-judge.ts'
import { NO_SET } from '../../src/rib/verdict.ts'
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

test('a path that is asked about anew is judged at its age, as a stale one when it is stale, and stays both', () => {
  const feed = new Feed()
  const { rib, sets } = feed
  feed.addPeer(1)
  const judged: (number | boolean)[][] = []
  const judge = (_nlri: Uint8Array, _at: number, _size: number, ageSeconds: number, stale: boolean) => {
    judged.push([ageSeconds, stale])
    return rib.rows.set[0] ?? NO_SET
  }
  feed.judge = (set) => {
    sets.judgedByRoute[set] = 1
    return set
  }
  rib.nowSeconds = 10
  feed.learn(1, attributesOf({}), macIpNlri(1, { label: 100 }))
  rib.routeJudge = { ...NO_JUDGE, judge }
  rib.markStale(1)
  rib.nowSeconds = 25
  rib.reconsider(0, 1, null)
  expect(judged).toEqual([[15, true]])
  expect(rib.isStale(rib.firstRow(0))).toBe(true)
  expect(rib.ageOf(rib.firstRow(0))).toBe(15)
})
