import { expect, test } from 'vitest'
import { grownInt32, grownUint8, grownUint16, grownUint32 } from '../../src/bytes/columns.ts'

test('a grown column keeps its entries and has zeros behind', () => {
  expect([...grownInt32(Int32Array.of(-1, 2), 4)]).toEqual([-1, 2, 0, 0])
  expect([...grownUint32(Uint32Array.of(2 ** 32 - 1), 2)]).toEqual([2 ** 32 - 1, 0])
  expect([...grownUint16(Uint16Array.of(65535), 2)]).toEqual([65535, 0])
  expect([...grownUint8(Uint8Array.of(255), 3)]).toEqual([255, 0, 0])
})
