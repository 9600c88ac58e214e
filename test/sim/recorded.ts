/**
 * What tshark says of a capture, as BGP messages and as the table they leave. Nothing of `src/wire` reads here: the fields and their places are those of
 * `test/captures/tshark/`, the octets are cut out at those places.
 */
import { readFileSync } from 'node:fs'
import { hex } from '../../src/bytes/octets.ts'
import { captureOctets, readCapture } from '../decode/found.ts'

export interface Announced {
  /** NLRI octets, hexadecimal. */
  readonly nlri: string
  readonly nextHop: string
  /** By type code: category flags (without the Extended Length bit) and value, hexadecimal. MP_REACH_NLRI and MP_UNREACH_NLRI are taken out. */
  readonly attributes: Readonly<Record<number, string>>
}

export interface Recorded {
  readonly octets: Uint8Array
  readonly from: string
  readonly to: string
  /** Both ends with their ports. */
  readonly connection: string
  readonly type: (typeof TYPES)[number]
  /** Route keys as text. */
  readonly withdrawn: readonly string[]
  readonly announced: ReadonlyMap<string, Announced>
}

const TYPES = ['', 'OPEN', 'UPDATE', 'NOTIFICATION', 'KEEPALIVE', 'ROUTE-REFRESH'] as const
const MP_REACH = 14
const MP_UNREACH = 15
/** Every bit of the flags but Extended Length and the unused ones. */
export const CATEGORY = 0xe0

interface Line {
  readonly at: number
  readonly octets: number
  readonly name: string
  readonly value: string
}

/** The messages of a capture in order, both directions. */
export function recordedMessages(capture: string): Recorded[] {
  const text = readFileSync(new URL(`../captures/tshark/${capture}.txt`, import.meta.url), 'utf8')
  const blocks = text.trim().split(/\n(?=#)/)
  const found = readCapture(captureOctets(`${capture}.pcap`)).messages
  if (found.length !== blocks.length) throw new Error(`${capture}: ${found.length} messages, tshark has ${blocks.length}`)
  return blocks.map((block, i) => {
    const { octets, packet } = found[i]!
    const { from, to } = packet!
    const ends = { from: from.replace(/:\d+$/, ''), to: to.replace(/:\d+$/, ''), connection: [from, to].sort().join(' ') }
    return { ...messageOf(octets, block.split('\n').slice(1).map(lineOf)), ...ends }
  })
}

function lineOf(text: string): Line {
  const [at, octets, name, ...value] = text.split(' ')
  return { at: Number(at), octets: Number(octets), name: name!, value: value.join(' ') }
}

function messageOf(octets: Uint8Array, lines: readonly Line[]): Omit<Recorded, 'from' | 'to' | 'connection'> {
  const type = TYPES[Number(lines.find(({ name }) => name === 'type')?.value)]!
  const announced = new Map<string, Announced>()
  const withdrawn: string[] = []
  const start = lines.find(({ name }) => name === 'attributesLength')
  if (start === undefined) return { octets, type, withdrawn, announced }

  const attributes: Record<number, string> = {}
  const reached: { route: string; nlri: string }[] = []
  let nextHop = ''
  for (let at = start.at + 2; at < start.at + 2 + Number(start.value); ) {
    const header = lines.filter((line) => line.at >= at && line.at <= at + 2)
    const length = header.find(({ name }) => name === 'length')!
    const code = Number(header.find(({ name }) => name === 'type')!.value)
    const flags = Number(header.find(({ name }) => name === 'flags')!.value)
    const from = length.at + length.octets
    const to = from + Number(length.value)
    const inside = lines.filter((line) => line.at >= from && line.at < to)
    if (code === MP_REACH) {
      nextHop = inside.find(({ name }) => name === 'nextHop')!.value
      reached.push(...routesOf(octets, inside))
    } else if (code === MP_UNREACH) withdrawn.push(...routesOf(octets, inside).map(({ route }) => route))
    else attributes[code] = `${(flags & CATEGORY).toString(16)} ${hex(octets.subarray(from, to))}`
    at = to
  }
  for (const { route, nlri } of reached) announced.set(route, { nlri, nextHop, attributes })
  return { octets, type, withdrawn, announced }
}

function routesOf(octets: Uint8Array, lines: readonly Line[]): { route: string; nlri: string }[] {
  const starts = lines.flatMap(({ name }, i) => (name === 'routeType' ? [i] : []))
  return starts.map((start, i) => {
    const fields = lines.slice(start, starts[i + 1] ?? lines.length)
    const of = (name: string): string => fields.find((field) => field.name === name)?.value ?? ''
    const at = fields[0]!.at
    return { route: `${of('rd')} ${keyText(of)}`, nlri: hex(octets.subarray(at, at + 2 + Number(of('length')))) }
  })
}

/** The key of a route without its RD: RFC 7432 §7, RFC 9136 §3.1. */
function keyText(of: (name: string) => string): string {
  const tag = `[${of('ethernetTag')}]`
  const host = `[${of('ipLength')}]:[${of('ip')}]`
  const type = of('routeType')
  if (type === '1') return `[1]:${tag}:[${of('esi')}]`
  if (type === '2') return `[2]:${tag}:[48]:[${of('mac')}]${of('ipLength') === '0' ? '' : `:${host}`}`
  if (type === '3') return `[3]:${tag}:${host}`
  if (type === '4') return `[4]:[${of('esi')}]:${host}`
  if (type === '5') return `[5]:${tag}:[${of('ipPrefixLength')}]:[${of('ip')}]`
  throw new Error(`no capture has route type ${type}`)
}

/**
 * The table that messages of one session and direction leave, by route key. No recorded answer to a refresh leaves out a route that was there, so that
 * Begin and End-of-RR (RFC 7313 §4) take none.
 */
export function tableLeftBy(messages: readonly Recorded[]): Map<string, Announced> {
  const table = new Map<string, Announced>()
  for (const { type, withdrawn, announced } of messages) {
    if (type === 'NOTIFICATION') table.clear()
    for (const route of withdrawn) table.delete(route)
    for (const [route, how] of announced) table.set(route, how)
  }
  return table
}

/** One after the other what was said of each route; null is a withdrawal. What repeats the word before, or withdraws what was not announced, is left out. */
export function historyOf<T>(said: Iterable<readonly [route: string, how: T | null]>): Map<string, (T | null)[]> {
  const history = new Map<string, (T | null)[]>()
  for (const [route, how] of said) {
    const words = history.get(route) ?? []
    if (JSON.stringify(words.at(-1) ?? null) !== JSON.stringify(how)) history.set(route, [...words, how])
  }
  return history
}
