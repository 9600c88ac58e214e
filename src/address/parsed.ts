/**
 * What parsing text gives: the value, or what was found and what was expected instead. Configuration and API errors quote both.
 */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Unreadable

export interface Unreadable {
  readonly ok: false
  /** The text as it was given. */
  readonly found: string
  /** What would have been understood, in words: `an IPv4 or IPv6 address`. */
  readonly expected: string
}

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value }
}

export function unreadable(found: string, expected: string): Unreadable {
  return { ok: false, found, expected }
}

/** One sentence: `found "x", expected an IPv4 address`. */
export function formatUnreadable(fault: Unreadable): string {
  return `found ${JSON.stringify(fault.found)}, expected ${fault.expected}`
}

/** The value of a text that the program itself made. Throws when it cannot be read: that is a bug of ours. */
export function known<T>(result: Parsed<T>): T {
  if (result.ok) return result.value
  throw new Error(formatUnreadable(result))
}

/** A decimal number without sign or leading zeros, at most `max`; -1 when the text is anything else. */
export function decimal(text: string, max: number): number {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(text)) return -1
  const value = Number(text)
  return value <= max ? value : -1
}
