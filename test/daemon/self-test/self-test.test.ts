import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { externalExporter } from '../../../src/advertise/exporter/exporters.ts'
import { UpdateWriter } from '../../../src/advertise/packing/update-writer.ts'
import { Publication } from '../../../src/advertise/publication.ts'
import { selfTest } from '../../../src/daemon/self-test/self-test.ts'
import { Boundary } from '../../../src/federation/boundary.ts'
import { refusal } from '../../../src/policy/refusal.ts'
import { AttributeSets } from '../../../src/rib/attribute-sets.ts'
import { Rib } from '../../../src/rib/rib.ts'
import { MessageCutter } from '../../../src/wire/framing.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

test('finds nothing wrong with a sound program', () => {
  for (const federated of [false, true]) expect(selfTest(federated)).toBeNull()
})

describe('finds out when', () => {
  test('a route is left out', () => {
    const { announce } = UpdateWriter.prototype
    let calls = 0
    vi.spyOn(UpdateWriter.prototype, 'announce').mockImplementation(function (this: UpdateWriter, row) {
      if (++calls !== 40) announce.call(this, row)
    })
    expect(selfTest(true)).toBe('self-test, reflector 1, story 1: 71 routes are reflected, not 72')
  })

  test('an octet of a route is another', () => {
    const { writeNlri } = Rib.prototype
    vi.spyOn(Rib.prototype, 'writeNlri').mockImplementation(function (this: Rib, row, out, to) {
      const end = writeNlri.call(this, row, out, to)
      if (row === 50) out[end - 1]! ^= 1
      return end
    })
    expect(selfTest(true)).toBe('self-test, reflector 1, story 1: routes are reflected with other octets than they came with')
  })

  test('the attributes of reflection are missing', () => {
    vi.spyOn(AttributeSets.prototype, 'derive').mockImplementation((set) => set)
    vi.spyOn(UpdateWriter.prototype, 'openAnnouncements').mockImplementation(function (this: UpdateWriter, source, set) {
      return openAnnouncements.call(this, source, set, () => 0)
    })
    expect(selfTest(true)).toMatch(/^self-test, reflector 1, story 1: attributes .* lack 8009040a000003800a040afe0001$/)
  })

  test('a route of a VN that is not shared crosses to another domain', () => {
    vi.spyOn(Boundary.prototype, 'exporter').mockImplementation(externalExporter)
    expect(selfTest(true)).toBe('self-test, reflector 1, story 1: 72 routes are told to another domain, not 54')
  })

  test('what another domain may tell does not come in', () => {
    vi.spyOn(Boundary.prototype, 'importSet').mockReturnValue(refusal('vn-not-shared'))
    expect(selfTest(true)).toBe('self-test, reflector 1, story 1: 0 routes of another domain are told, not 18')
  })

  test('a change that comes alone is passed on to nobody', () => {
    const { write } = Publication.prototype
    vi.spyOn(Publication.prototype, 'write').mockImplementation(function (this: Publication, changes, buckets) {
      if (changes.count !== 1) write.call(this, changes, buckets)
    })
    expect(selfTest(true)).toBe('self-test, reflector 1: 0 routes are told of single changes, not 1')
  })

  test('a withdrawal is not heeded', () => {
    vi.spyOn(Rib.prototype, 'withdraw').mockImplementation((_peer, _bytes, _from, to) => to)
    expect(selfTest(true)).toBe('self-test, reflector 1, story 1: 0 routes are reflected, not 8')
  })

  test('routes of a lost session stay', () => {
    vi.spyOn(Rib.prototype, 'forget').mockReturnValue(true)
    expect(selfTest(true)).toBe('self-test, reflector 1, story 1: 0 routes are withdrawn, not 48')
  })

  test('a message that comes in two reads is lost', () => {
    const { push } = MessageCutter.prototype
    vi.spyOn(MessageCutter.prototype, 'push').mockImplementation(function (this: MessageCutter, octets, take) {
      return push.call(new MessageCutter(), octets, take)
    })
    expect(selfTest(true)).toMatch(/^self-test, reflector 1, story 5: \d+ routes are reflected, not 1440$/)
  })
})

const { openAnnouncements } = UpdateWriter.prototype

test('leaves no timer behind and little memory', async () => {
  const source = new URL('../../../src/daemon/self-test/self-test.ts', import.meta.url).href
  const script = `
    const { selfTest } = await import('${source}')
    const held = () => { gc(); gc(); const { heapUsed, arrayBuffers } = process.memoryUsage(); return heapUsed + arrayBuffers }
    if (selfTest(true) !== null) throw new Error('not sound')
    const once = held()
    for (let again = 0; again < 3; again++) selfTest(true)
    console.log(held() - once, process.getActiveResourcesInfo().join())`
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--input-type=module', '-e', script])
  const [more = '', resources] = stdout.trim().split(' ')
  expect(resources ?? '').not.toMatch(/Timeout|Immediate|TCP/)
  // The one reflector without routes is there each time, in place of the one before.
  expect(Number(more)).toBeLessThan(2 ** 20)
})
