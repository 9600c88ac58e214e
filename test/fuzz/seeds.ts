/** What the fuzzer starts from: every vector as a whole message, and the messages of the crash corpus. */
import { readdirSync, readFileSync } from 'node:fs'
import { loadVectors, octets, type Vector } from '../wire/vectors.ts'
import { join, message, two } from './pieces.ts'

const CORPUS = new URL('./corpus/', import.meta.url)
const ORIGIN_AND_PATH = '4001010040020602010000fdea400504000000c8'

export function seedMessages(): Uint8Array[] {
  const names = ['messages', 'malformed-examples', 'evpn-nlri', 'attributes', 'ext-communities', 'capabilities']
  return [...names.flatMap(loadVectors).map(asMessage), ...fullMessages(), ...crashCorpus().map(({ octets }) => octets)]
}

/** Inputs that once broke something: `corpus/*.hex`, a name in the file name and hex inside, `#` begins a remark. */
export function crashCorpus(): { readonly name: string; readonly octets: Uint8Array }[] {
  const files = readdirSync(CORPUS).filter((name) => name.endsWith('.hex'))
  return files.sort().map((name) => {
    const text = readFileSync(new URL(name, CORPUS), 'utf8')
    return { name, octets: octets(text.replaceAll(/#.*$/gm, '').replaceAll(/\s/g, '')) }
  })
}

function asMessage({ kind, hex }: Vector): Uint8Array {
  const value = octets(hex)
  switch (kind) {
    case 'message':
      return value
    case 'capability': {
      const parameters = join([2, value.length], value, [2, 6, 65, 4, 0, 0, 0xfd, 0xe9], [2, 6, 1, 4, 0, 25, 0, 70])
      return message(1, join([4, 0xfd, 0xe9, 0, 0, 192, 0, 2, 77, parameters.length], parameters))
    }
    case 'attribute':
      return update(join(octets(ORIGIN_AND_PATH), value, reach(IMET)))
    case 'ext-community':
      return update(join(octets(ORIGIN_AND_PATH), [0xc0, 16, value.length], value, reach(IMET)))
    case 'evpn-nlri':
      return update(join(octets(ORIGIN_AND_PATH), reach(value)))
  }
}

/** Attributes as long as they get: a sequence of 255 AS numbers, lists that need the extended length, all that 4096 octets hold. */
function fullMessages(): Uint8Array[] {
  const attribute = (flags: number, code: number, value: ArrayLike<number>) => join([flags | 0x10, code], two(value.length), value)
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => [0, 0, 0xfd, 0xea + i]).flat()
  const sequence = (count: number) => [2, count, ...numbers(count)]
  const whole = (path: readonly number[], ...more: readonly Uint8Array[]) =>
    update(join([0x40, 1, 1, 0], attribute(0x40, 2, path), [0x40, 5, 4, 0, 0, 0, 100], ...more, reach(IMET)))
  return [
    whole(sequence(255)),
    whole([...sequence(255), ...sequence(3)]),
    whole(sequence(254), attribute(0x80, 10, numbers(64))),
    whole(sequence(1), attribute(0xc0, 16, numbers(1000))),
    whole(sequence(1), attribute(0xc0, 8, numbers(970)), attribute(0x80, 9, [1, 2, 3, 4])),
    whole(sequence(1), attribute(0xc0, 200, new Uint8Array(3950))),
    whole(sequence(1), attribute(0xc0, 200, new Uint8Array(60_000))),
  ]
}

const IMET = octets('03110001c0000201000100000000 20c0000201'.replaceAll(' ', ''))

function reach(nlri: Uint8Array): Uint8Array {
  const value = join([0, 25, 70, 4, 192, 0, 2, 1, 0], nlri)
  return join([0x90, 14], two(value.length), value)
}

function update(attributes: Uint8Array): Uint8Array {
  return message(2, join([0, 0], two(attributes.length), attributes))
}
