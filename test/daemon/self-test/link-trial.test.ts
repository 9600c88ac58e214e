import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { linkTrial } from '../../../src/daemon/self-test/link-trial.ts'
import { InputSlices } from '../../../src/transport/input-slices.ts'
import { SocketLink } from '../../../src/transport/link.ts'
import { realWorld } from '../../../src/transport/world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function tried(): Promise<string | null> {
  const input = new InputSlices()
  return linkTrial(realWorld({ input }), input)
}

test('finds nothing wrong with links that bring what they are given', async () => {
  const { write } = SocketLink.prototype
  const written = vi.spyOn(SocketLink.prototype, 'write').mockImplementation(function (this: SocketLink, octets) {
    write.call(this, octets)
  })
  expect(await tried()).toBeNull()
  expect(written.mock.calls.length).toBe(7000)
})

test('finds out when an octet becomes another', async () => {
  const { write } = SocketLink.prototype
  let calls = 0
  vi.spyOn(SocketLink.prototype, 'write').mockImplementation(function (this: SocketLink, octets) {
    write.call(this, ++calls === 200 ? octets.map((octet, at) => (at === 9 ? octet ^ 1 : octet)) : octets)
  })
  expect(await tried()).toBe('self-test: octet 10 of message 100 over 127.0.0.1 has become another')
})

test('is over in time, and nothing to complain of, where nothing comes back', async () => {
  vi.spyOn(SocketLink.prototype, 'write').mockImplementation(() => {})
  const input = new InputSlices()
  const real = realWorld({ input })
  expect(await linkTrial({ ...real, after: (ms, then) => real.after(ms / 100, then) }, input)).toBeNull()
})

test('leaves nothing open behind', async () => {
  const at = (path: string) => new URL(`../../../src/${path}`, import.meta.url).href
  const script = `
    const { linkTrial } = await import('${at('daemon/self-test/link-trial.ts')}')
    const { InputSlices } = await import('${at('transport/input-slices.ts')}')
    const { realWorld } = await import('${at('transport/world.ts')}')
    const input = new InputSlices()
    console.log(await linkTrial(realWorld({ input }), input))`
  // It ends by itself: nothing holds it.
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  expect(stdout.trim()).toBe('null')
})
