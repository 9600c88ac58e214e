/**
 * Typed arrays that grow by doubling: the columns of tables whose rows are indices. A column that grows takes the memory of the old one with it: the old
 * array has no entries any more, and nothing is left for a garbage collection that may be far away.
 */

/** `column` with room for `capacity` entries, new ones zero. The column handed in must not be used any more. */
export function grownInt32(column: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  return new Int32Array(column.buffer.transfer(4 * capacity))
}

export function grownUint32(column: Uint32Array<ArrayBuffer>, capacity: number): Uint32Array<ArrayBuffer> {
  return new Uint32Array(column.buffer.transfer(4 * capacity))
}

export function grownUint16(column: Uint16Array<ArrayBuffer>, capacity: number): Uint16Array<ArrayBuffer> {
  return new Uint16Array(column.buffer.transfer(2 * capacity))
}

export function grownUint8(column: Uint8Array<ArrayBuffer>, capacity: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(column.buffer.transfer(capacity))
}
