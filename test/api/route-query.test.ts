import { expect, test } from 'vitest'
import { EVERY_ROUTE, NO_VN, parseRouteQuery, parseRouteType, routeMatches } from '../../src/api/route-query.ts'
import { EVPN_ROUTE_TYPES } from '../../src/wire/nlri/evpn/table.ts'
import { routeRow } from './example-source.ts'

test('no filter asks for every route', () => {
  expect(parseRouteQuery({})).toEqual({ ok: true, value: { ...EVERY_ROUTE, limit: 1000, after: null } })
  expect(routeMatches(EVERY_ROUTE, routeRow(1))).toBe(true)
})

test('addresses of any form become canonical', () => {
  const query = parseRouteQuery({ mac: '02-00-00-00-00-0A', ip: '2001:DB8:0::1' })
  expect(query.ok && [query.value.mac, query.value.ip]).toEqual(['02:00:00:00:00:0a', '2001:db8::1'])
})

test('a route type has a number or a name (RFC 7432 §7, RFC 9136 §3)', () => {
  for (const [text, type] of [
    ['2', 2],
    ['macip', 2],
    ['MAC-IP', 2],
    ['imet', 3],
    ['prefix', 5],
    ['11', 11],
  ] as const) {
    expect(parseRouteType(text)).toEqual({ ok: true, value: type })
  }
  for (const { name, type } of EVPN_ROUTE_TYPES) expect(parseRouteType(name)).toEqual({ ok: true, value: type })
  for (const text of ['0', '256', 'mac', '']) expect(parseRouteType(text).ok).toBe(false)
})

test('unknown, twofold and senseless keys are refused', () => {
  for (const fields of [{ colour: 'red' }, { mac: ['a', 'b'] }, { limit: '0' }, { limit: '1001' }, { best: 'yes' }, { ip: '10.1' }]) {
    expect(parseRouteQuery(fields).ok).toBe(false)
  }
})

test('an address finds prefixes that hold it; a prefix finds just itself (RFC 9136 §3.1)', () => {
  const prefix = { ...routeRow(1), routeType: 5, mac: null, ip: null, prefix: '10.1.0.0/24' }
  const asks = (ip: string): boolean => routeMatches({ ...EVERY_ROUTE, ip }, prefix)
  expect(asks('10.1.0.77')).toBe(true)
  expect(asks('10.1.0.0/24')).toBe(true)
  expect(asks('10.1.1.77')).toBe(false)
  expect(asks('10.1.0.0/25')).toBe(false)
})

test('each filter alone leaves out what differs', () => {
  const row = routeRow(1)
  for (const filter of [
    { type: 3 },
    { vn: 'db' },
    { vn: NO_VN },
    { rd: '1:1' },
    { mac: '02:00:00:00:00:02' },
    { peer: 'leaf2' },
    { bestOnly: true },
  ]) {
    expect(routeMatches({ ...EVERY_ROUTE, ...filter }, row)).toBe(false)
  }
  expect(routeMatches({ ...EVERY_ROUTE, vn: NO_VN }, { ...row, vns: [] })).toBe(true)
})
