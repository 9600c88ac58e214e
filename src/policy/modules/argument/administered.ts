/**
 * Route targets and route distinguishers as patterns: `65001:10100`, `192.0.2.11:1`, `65001:10000-10999`, `*:10100`, `65001:*`. `*` for the administrator
 * means any, in whatever form. An AS of 2 octets means both forms it can be written in, as both have the same text.
 */
import type { z } from 'zod'
import type { AdministeredForm } from '../../../address/administered.ts'
import { parseIpv4 } from '../../../address/ip.ts'
import { decimal, known, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { put16, put32, u16 } from '../../../bytes/octets.ts'
import type { Range } from '../lookup/number-ranges.ts'
import { type RangedEntry, RangedSet } from '../lookup/ranged-set.ts'
import { anyOf, listOf, type OneOrMore, text } from './fields.ts'
import { parseRange } from './range.ts'

const MAX_16 = 0xffff
const MAX_32 = 0xffffffff

/** One form that a pattern has: the administrator's octets, 2 of form 0, else 4; null: any. */
export interface FormPattern {
  readonly form: AdministeredForm
  readonly admin: Uint8Array | null
  readonly numbers: Range
}

/** All forms that a text means. */
export function parseAdministeredPattern(typed: string, what: string): Parsed<readonly FormPattern[]> {
  const colon = typed.lastIndexOf(':')
  const admin = typed.slice(0, Math.max(colon, 0))
  const behind = typed.slice(colon + 1)
  const range = behind === '*' ? parsed({ from: 0, to: MAX_32 }) : parseRange(behind, what)
  if (colon < 1 || !range.ok) return unreadable(typed, what)
  const numbers = range.value
  const short = { from: numbers.from, to: Math.min(numbers.to, MAX_16) }
  const fitsShort = short.from <= short.to
  if (admin === '*') {
    const forms: FormPattern[] = [{ form: 0, admin: null, numbers }]
    if (fitsShort) forms.push({ form: 1, admin: null, numbers: short }, { form: 2, admin: null, numbers: short })
    return parsed(forms)
  }
  if (admin.includes('.')) {
    const address = parseIpv4(admin)
    if (!address.ok) return unreadable(typed, what)
    return fitsShort
      ? parsed([{ form: 1, admin: address.value, numbers: short }])
      : unreadable(typed, `${what}, with a number up to 65535 behind an address`)
  }
  const as = decimal(admin, MAX_32)
  if (as < 0) return unreadable(typed, what)
  const forms: FormPattern[] = []
  if (as <= MAX_16) forms.push({ form: 0, admin: twoOctets(as), numbers })
  if (fitsShort) forms.push({ form: 2, admin: fourOctets(as), numbers: short })
  return forms.length > 0 ? parsed(forms) : unreadable(typed, `${what}, with a number up to 65535 behind a 4-octet AS`)
}

function twoOctets(as: number): Uint8Array {
  const octets = new Uint8Array(2)
  put16(octets, 0, as)
  return octets
}

function fourOctets(as: number): Uint8Array {
  const octets = new Uint8Array(4)
  put32(octets, 0, as)
  return octets
}

/** Administered values of 8 octets, two of which tell kind and form. */
export class AdministeredSet {
  private readonly long: RangedSet
  private readonly short: RangedSet
  private readonly kinds: readonly number[]

  /** `kind`: the first two octets of a form, as one number. */
  constructor(patterns: readonly FormPattern[], kind: (form: AdministeredForm) => number) {
    const entryOf = ({ form, admin, numbers }: FormPattern): RangedEntry => {
      const octets = form === 0 ? 4 : 6
      const lead = new Uint8Array(octets)
      put16(lead, 0, kind(form))
      lead.set(admin ?? [], 2)
      return { lead, mask: new Uint8Array(octets).fill(admin === null ? 0 : 0xff).fill(0xff, 0, 2), numbers }
    }
    this.kinds = [kind(0), kind(1), kind(2)]
    this.long = new RangedSet(4, 4, patterns.filter(({ form }) => form === 0).map(entryOf))
    this.short = new RangedSet(6, 2, patterns.filter(({ form }) => form !== 0).map(entryOf))
  }

  /** Whether the 8 octets at `at` are in it. Hot: allocates nothing. */
  has(bytes: Uint8Array, at: number): boolean {
    const kind = u16(bytes, at)
    if (kind === this.kinds[0]) return this.long.has(bytes, at)
    return (kind === this.kinds[1] || kind === this.kinds[2]) && this.short.has(bytes, at)
  }
}

export type Administereds = OneOrMore<string>

function patterns(what: string): z.ZodType<Administereds> {
  return anyOf(
    text(what, (typed) => parseAdministeredPattern(typed, what)),
    what,
  )
}

const formsOf = (argument: Administereds, what: string) => listOf(argument).flatMap((one) => known(parseAdministeredPattern(one, what)))

const TARGET = 'a route target such as 65001:10100, "*:10100", "65001:10000-10999" or "65001:*"'
export const targetPatterns = patterns(TARGET)

/** Route targets (RFC 4360 §4): type is the form, subtype 2. */
export function targetSet(argument: Administereds): AdministeredSet {
  return new AdministeredSet(formsOf(argument, TARGET), (form) => (form << 8) | 2)
}

const RD = 'a route distinguisher such as 192.0.2.11:1, "192.0.2.11:*", "65001:100-199" or "*:100"'
export const rdPatterns = patterns(RD)

/** Route distinguishers (RFC 4364 §4.2): 2 octets of type, which is the form. */
export function rdSet(argument: Administereds): AdministeredSet {
  return new AdministeredSet(formsOf(argument, RD), (form) => form)
}
