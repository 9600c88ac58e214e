/** What the fuzzer starts from: every vector as a whole message, and the messages of the crash corpus. */
import { readdirSync, readFileSync } from 'node:fs'
import { loadVectors, octets, type Vector } from '../wire/vectors.ts'
import { join, message, two } from './pieces.ts'

const CORPUS = new URL('./corpus/', import.meta.url)
const ORIGIN_AND_PATH = '4001010040020602010000fdea400504000000c8'

export function seedMessages(): Uint8Array[] {
  const names = ['messages', 'malformed-examples', 'evpn-nlri', 'attributes', 'ext-communities', 'capabilities']
  return [...names.flatMap(loadVectors).map(asMessage), ...crashCorpus().map(({ octets }) => octets)]
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

const IMET = octets('03110001c0000201000100000000 20c0000201'.replaceAll(' ', ''))

function reach(nlri: Uint8Array): Uint8Array {
  const value = join([0, 25, 70, 4, 192, 0, 2, 1, 0], nlri)
  return join([0x90, 14], two(value.length), value)
}

function update(attributes: Uint8Array): Uint8Array {
  return message(2, join([0, 0], two(attributes.length), attributes))
}
