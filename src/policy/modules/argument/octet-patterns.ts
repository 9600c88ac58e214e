/**
 * MAC addresses and Ethernet segment identifiers as patterns: in full, with `*` for an octet or for all that follow (`02:53:*`), or under a mask
 * (`02:53:00:00:00:00/ff:ff:00:00:00:00`).
 */

import { parsePairs } from '../../../address/mac.ts'
import type { Parsed } from '../../../address/parsed.ts'
import { parsed, unreadable } from '../../../address/parsed.ts'
import { MaskedSet } from '../lookup/masked-set.ts'
import type { Environment, Trouble } from '../module.ts'
import { type Entries, entries, takeEntries } from './entries.ts'

export interface OctetPattern {
  readonly value: Uint8Array
  readonly mask: Uint8Array
}

const CISCO_MAC = /^([0-9a-fA-F]{4})\.([0-9a-fA-F]{4})\.([0-9a-fA-F]{4})$/

/** `octets`: 6 or 10. `what` goes into the error. */
export function parseOctetPattern(typed: string, octets: number, what: string): Parsed<OctetPattern> {
  const slash = typed.indexOf('/')
  if (slash >= 0) {
    const value = parsePairs(typed.slice(0, slash), octets)
    const mask = parsePairs(typed.slice(slash + 1), octets)
    return value === null || mask === null ? unreadable(typed, what) : parsed({ value, mask })
  }
  const plain = octets === 6 ? typed.replace(CISCO_MAC, (digits) => pairsOf(digits)) : typed
  const pairs = plain.split(plain.includes('-') ? '-' : ':')
  const open = pairs.length < octets && pairs.at(-1) === '*'
  if ((pairs.length !== octets && !open) || !pairs.every((pair) => pair === '*' || /^[0-9a-fA-F]{2}$/.test(pair)))
    return unreadable(typed, what)
  const value = new Uint8Array(octets)
  const mask = new Uint8Array(octets)
  pairs.forEach((pair, i) => {
    if (pair === '*') return
    value[i] = Number.parseInt(pair, 16)
    mask[i] = 0xff
  })
  return parsed({ value, mask })
}

/** `0200.5e00.0001` with colons. */
function pairsOf(digits: string): string {
  return digits.replaceAll('.', '').replace(/..(?!$)/g, '$&:')
}

const MAC = 'a MAC address such as 02:00:5e:00:00:01, a pattern such as "02:53:*", or address/mask'
const parseMacPattern = (typed: string) => parseOctetPattern(typed, 6, MAC)

export const macPatterns = entries(MAC, parseMacPattern)

export function macSet(argument: Entries, environment: Environment): MaskedSet | Trouble {
  return setOf(6, argument, environment, parseMacPattern)
}

const ESI = 'an Ethernet segment identifier of 10 hex pairs, a pattern such as "00:44:*", identifier/mask, single-homed or multihomed'
const parseEsiPattern = (typed: string) => parseOctetPattern(typed, 10, ESI)

export const esiPatterns = entries(ESI, parseEsiPattern)

export function esiSet(argument: Entries, environment: Environment): MaskedSet | Trouble {
  return setOf(10, argument, environment, parseEsiPattern)
}

function setOf(
  octets: number,
  argument: Entries,
  environment: Environment,
  parse: (typed: string) => Parsed<OctetPattern>,
): MaskedSet | Trouble {
  const set = new MaskedSet(octets)
  return takeEntries(argument, environment, parse, ({ value, mask }) => set.add(value, mask)) ?? set
}
