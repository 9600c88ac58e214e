import { expect, test } from 'vitest'
import { formatDuration, formatTable, LongTable } from '../../src/cli/table.ts'

delete process.env.FORCE_COLOR
process.env.NO_COLOR = '1'

const COLUMNS = [
  { head: 'Name', cell: (row: { name: string; count: number }) => row.name },
  { head: 'Count', right: true, cell: (row: { name: string; count: number }) => row.count },
]

test('columns are as wide as they must be, numbers to the right', () => {
  const rows = [
    { name: 'a-long-name', count: 7 },
    { name: 'b', count: 1200 },
  ]
  expect(formatTable(COLUMNS, rows)).toBe('Name         Count\na-long-name      7\nb             1200')
})

test('what takes more of a terminal than it has characters lines up, and is not cut off', () => {
  const rows = [
    { name: '東京', count: 7 },
    { name: 'berlin', count: 8 },
    { name: 'データセンター', count: 9 },
  ]
  expect(formatTable(COLUMNS, rows, true)).toBe('東京            7\nberlin          8\nデータセンター  9')
})

test.each([
  ['データセンター', 14],
  ['👩‍👩‍👧 東京', 7],
  ['\x1b[1m東京\x1b[22m', 4],
])('%j takes its column of the terminal in all that is laid out or written together', (name, columns) => {
  const written: string[] = []
  const table = new LongTable(COLUMNS, (text) => written.push(text))
  for (const names of [[...Array<string>(150).fill('x'), name], ['x']]) {
    table.add(names.map((one) => ({ name: one, count: 7 })))
    table.end()
  }
  const [first, ...others] = written.join('\n').split('\n').slice(1)
  expect(first).toBe(`x${' '.repeat(columns - 1)}      7`)
  expect(others).toEqual([...Array(149).fill(first), `${name}      7`, first])
})

test('a table that comes in pieces lines up, has one line of heads, and is written a thousand rows at a time', () => {
  const written: string[] = []
  const table = new LongTable(COLUMNS, (text) => written.push(text))
  table.add([{ name: 'b', count: 1 }])
  table.add([])
  table.add([{ name: 'a-long-name', count: 1200 }])
  expect(written).toEqual([])
  table.end()
  table.end()
  expect(written).toEqual(['Name         Count\nb                1\na-long-name   1200'])
  table.add(Array.from({ length: 1000 }, () => ({ name: 'c', count: 7 })))
  expect(written[1]?.split('\n')).toEqual(Array.from({ length: 1000 }, () => 'c                7'))
})

test('control characters that a peer sent do not reach the terminal', () => {
  expect(formatTable(COLUMNS, [{ name: 'x\x1b]0;title\x07\ny', count: 1 }], true)).toBe('x.]0;title..y  1')
})

test('a duration shows its two greatest units', () => {
  expect([0, 59.9, 60, 307, 3600, 12000, 86400, 187200].map(formatDuration)).toEqual([
    '0s',
    '59s',
    '1m00s',
    '5m07s',
    '1h00m',
    '3h20m',
    '1d00h',
    '2d04h',
  ])
})
