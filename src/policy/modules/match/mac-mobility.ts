import { z } from 'zod'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { findMacMobility, isSticky, mobilitySequence } from '../../../wire/community/mac-mobility.ts'
import { findAttribute, valueEnd, valueStart } from '../../rewrite/attribute-rewrite.ts'
import { flag } from '../argument/fields.ts'
import { type Numbers, numberRanges, numbers } from '../argument/numbers.ts'
import type { MatchModule, RouteView } from '../module.ts'

interface MacMobilityArgument {
  readonly sequence?: Numbers | undefined
  readonly sticky?: boolean | undefined
}

const WHAT = 'sequence, sticky or both'

export const macMobility: MatchModule<MacMobilityArgument> = {
  name: 'macMobility',
  looksAt: 'attributes',
  reads: AttributeCode.extCommunities,
  summary:
    'MAC Mobility (RFC 7432): its sequence number and whether the MAC is sticky. A route without it counts as sequence 0, not sticky.',
  examples: [
    { typed: { sequence: '1-' }, means: 'the MAC has moved at least once' },
    { typed: { sticky: true }, means: 'the MAC must not move' },
    { typed: { sequence: '100-', sticky: false }, means: 'both must hold' },
  ],
  schema: z
    .strictObject({ sequence: numbers('a sequence number').optional(), sticky: flag.optional() }, WHAT)
    .refine(({ sequence, sticky }) => sequence !== undefined || sticky !== undefined, WHAT),
  compile({ sequence, sticky }) {
    const wanted = sequence === undefined ? null : numberRanges(sequence)
    return (route) => {
      const mobility = mobilityOf(route)
      return (wanted === null || wanted.has(mobilitySequence(mobility))) && (sticky === undefined || isSticky(mobility) === sticky)
    }
  },
}

function mobilityOf({ bytes, from, to }: RouteView): number {
  const at = findAttribute(bytes, from, to, AttributeCode.extCommunities)
  if (at < 0) return -1
  const value = valueStart(bytes, at)
  return findMacMobility(bytes, value, valueEnd(bytes, at) - value)
}
