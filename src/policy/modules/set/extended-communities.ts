import { u16 } from '../../../bytes/octets.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { EXTENDED_COMMUNITY_OCTETS } from '../../../wire/community/extended-community.ts'
import { type Change, change } from '../argument/change.ts'
import {
  extendedCommunityOctets,
  extendedCommunityPatterns,
  extendedCommunitySet,
  extendedCommunityValues,
} from '../argument/extended-communities.ts'
import { itemsStep, NO_ITEM } from '../edit/items.ts'
import type { OctetSet } from '../lookup/items.ts'
import type { SetModule } from '../module.ts'

export const extendedCommunities: SetModule<Change> = {
  name: 'extendedCommunities',
  looksAt: 'attributes',
  touches: [AttributeCode.extCommunities],
  summary:
    'Extended communities of any kind (RFC 4360): takes some out, then puts some in that are not there. What replaces, replaces those of its own kind (type and subtype) only: encapsulation, route targets and the rest stay.',
  examples: [
    { typed: { add: 'SoO:65001:1' }, means: 'one more' },
    { typed: { remove: ['Color:*', '0x0605*'] }, means: 'all of these kinds out' },
    { typed: { replace: 'Color:100' }, means: 'in place of other colors' },
  ],
  schema: change(extendedCommunityValues, extendedCommunityPatterns, {
    remove: 'what is taken out first',
    add: 'what is put in',
    replace: 'what stands in place of all of its kind',
  }),
  compile({ remove, add, replace }) {
    const added = extendedCommunityOctets(replace ?? add ?? [])
    const taken = replace !== undefined ? ofKindsOf(added) : remove === undefined ? NO_ITEM : extendedCommunitySet(remove)
    const steps = [itemsStep(AttributeCode.extCommunities, EXTENDED_COMMUNITY_OCTETS, taken, added)]
    return (draft) => draft.rewrite(steps)
  },
}

function ofKindsOf(communities: readonly Uint8Array[]): OctetSet {
  const kinds = new Set(communities.map((community) => u16(community, 0)))
  return { has: (bytes, at) => kinds.has(u16(bytes, at)) }
}
