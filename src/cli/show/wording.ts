/** Words that several views have in common. */
import type { SessionStateName } from '../../api/schema/parts.ts'
import { type Colour, coloured } from '../terminal.ts'

/** Nothing to show. */
export const NONE = '-'

export function formatState(state: SessionStateName): string {
  const colour: Colour = state === 'Established' ? 'green' : state === 'Idle' ? 'red' : 'yellow'
  return coloured(colour, state)
}

export function list(items: readonly (string | number)[]): string {
  return items.length === 0 ? NONE : items.join(' ')
}

/** Most names in a line. */
const NAMES_MOST = 8

/** `targets 65002:1 65002:2 and 7 more`. */
export function some(names: readonly string[], what: string): string {
  const rest = names.length - NAMES_MOST
  return `${what}${names.length === 1 ? '' : 's'} ${names.slice(0, NAMES_MOST).join(' ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/** `12 no route target of a shared VN, 1 own cluster in CLUSTER_LIST`. */
export function reasons(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([why, count]) => `${count} ${why}`)
    .join(', ')
}
