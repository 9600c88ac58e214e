import { expect, test } from 'vitest'
import { internalExporter } from '../../src/advertise/exporter/exporters.ts'
import { MessageRoom } from '../../src/advertise/verdicts/message-room.ts'
import { attributesOf, Feed, intern } from '../rib/feed.ts'
import { attribute, join } from '../wire/update-octets.ts'

const SELF = { asn: 65000, routerId: 0xc0000201, clusterId: 0xc0000202 }
const SOURCE = { external: false, client: true, routerId: 0x0a000001, domain: null }

/** Room of messages of 4096 octets, sets with an unknown attribute of so many octets, and for which of them attributes were written. */
function stage() {
  const { sets, rib } = new Feed()
  const exporter = internalExporter(sets, SELF, () => SOURCE, true)
  const written: number[] = []
  const counted = {
    ...exporter,
    write(set: number, out: Uint8Array, at: number) {
      written.push(set)
      return exporter.write(set, out, at)
    },
  }
  const set = (octets: number) => {
    const id = intern(sets, 1, join(attributesOf({}), attribute(0xe0, 250, Array(octets).fill(1))))
    sets.hold(id)
    return id
  }
  return { sets, set, written, room: new MessageRoom(rib, counted, 4096) }
}

test('what policy makes of each route of a set has the attributes of the set written once', () => {
  const { sets, set, written, room } = stage()
  const [long, other] = [set(2500), set(3000)]
  const left = room.besideEdited(long, sets.octetsOf(long))
  expect(left).toBeGreaterThan(0)
  for (let route = 0; route < 3; route++) {
    expect(room.besideEdited(long, sets.octetsOf(long))).toBe(left)
    expect(room.besideEdited(other, sets.octetsOf(other))).toBe(left - 500)
  }
  expect(room.besideSet(long)).toBeGreaterThan(left)
  expect(written).toEqual([long, other])
})

test('a set id that names another set has that one measured', () => {
  const { sets, set, room } = stage()
  const long = set(2500)
  const left = room.besideSet(long)
  sets.release(long)
  const longer = set(3000)
  expect(longer).toBe(long)
  room.forget(longer)
  expect(room.besideSet(longer)).toBe(left - 500)
})
