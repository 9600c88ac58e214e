/** Addresses and prefixes as arguments: `10.1.0.1`, `10.0.0.0/8`, and for routes that are prefixes themselves `10.0.0.0/8 ge 16 le 24`. */
import { parseIp } from '../../../address/ip.ts'
import { decimal, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { parsePrefix } from '../../../address/prefix.ts'
import { type PrefixEntry, PrefixSet } from '../lookup/prefix-set.ts'
import type { Environment, Trouble } from '../module.ts'
import { type Entries, entries, takeEntries } from './entries.ts'

const ADDRESS = 'an address or prefix such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32'

/** An address, or a prefix, for all addresses in it. */
function parseAddresses(typed: string): Parsed<PrefixEntry> {
  const bare = parseIp(typed)
  if (bare.ok) {
    const bits = 8 * bare.value.length
    return parsed({ prefix: { address: bare.value, length: bits }, from: bits, to: bits })
  }
  if (!typed.includes('/')) return unreadable(typed, ADDRESS)
  const prefix = parsePrefix(typed)
  if (!prefix.ok) return prefix
  const bits = 8 * prefix.value.address.length
  return parsed({ prefix: prefix.value, from: bits, to: bits })
}

const PREFIX = 'a prefix such as 10.0.0.0/8, 10.0.0.0/8 le 24 or 10.0.0.0/8 ge 16 le 24'

/** A prefix: itself alone, or with `ge` and `le` those within it of such lengths; `ge` alone: up to single addresses. */
function parsePrefixRange(typed: string): Parsed<PrefixEntry> {
  const words = typed.trim().split(/\s+/)
  const prefix = parsePrefix(words[0] ?? '')
  if (!prefix.ok) return words[0]?.includes('/') ? prefix : unreadable(typed, PREFIX)
  const bits = 8 * prefix.value.address.length
  const { length } = prefix.value
  let ge = -1
  let le = -1
  for (let i = 1; i < words.length; i += 2) {
    const limit = decimal(words[i + 1] ?? '', bits)
    if (limit < length) return unreadable(typed, `${PREFIX}, with lengths from ${length} to ${bits}`)
    if (words[i] === 'ge' && ge < 0) ge = limit
    else if (words[i] === 'le' && le < 0) le = limit
    else return unreadable(typed, PREFIX)
  }
  const from = ge >= 0 ? ge : length
  const to = le >= 0 ? le : ge >= 0 ? bits : length
  return to < from ? unreadable(typed, `${PREFIX}, with ge not above le`) : parsed({ prefix: prefix.value, from, to })
}

export const addresses = entries(ADDRESS, parseAddresses)
export const prefixRanges = entries(PREFIX, parsePrefixRange)

export function addressSet(argument: Entries, environment: Environment): PrefixSet | Trouble {
  return setOf(argument, environment, parseAddresses)
}

export function prefixSet(argument: Entries, environment: Environment): PrefixSet | Trouble {
  return setOf(argument, environment, parsePrefixRange)
}

function setOf(argument: Entries, environment: Environment, parse: (typed: string) => Parsed<PrefixEntry>): PrefixSet | Trouble {
  const all: PrefixEntry[] = []
  return takeEntries(argument, environment, parse, (entry) => all.push(entry)) ?? new PrefixSet(all)
}
