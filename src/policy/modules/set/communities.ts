import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { type Change, change } from '../argument/change.ts'
import { communityOctets, communityPatterns, communitySet, communityValues } from '../argument/communities.ts'
import { EVERY_ITEM, itemsStep, NO_ITEM } from '../edit/items.ts'
import type { SetModule } from '../module.ts'

/** Octets of one. */
const OCTETS = 4

export const communities: SetModule<Change> = {
  name: 'communities',
  looksAt: 'attributes',
  touches: [AttributeCode.communities],
  summary: 'Standard communities (RFC 1997): takes some out, then puts some in that are not there; or replaces them all.',
  examples: [
    { typed: { add: 'no-export' }, means: 'one more' },
    { typed: { remove: '65001:*', add: ['65001:100', '65001:200'] }, means: 'all of 65001 out, then these two in' },
    { typed: { replace: '65001:100' }, means: 'this one alone' },
    { typed: { remove: '*:*' }, means: 'none any more' },
  ],
  schema: change(communityValues, communityPatterns, {
    remove: 'what is taken out first',
    add: 'what is put in',
    replace: 'what stands in place of all',
  }),
  compile({ remove, add, replace }) {
    const taken = replace !== undefined ? EVERY_ITEM : remove === undefined ? NO_ITEM : communitySet(remove)
    const steps = [itemsStep(AttributeCode.communities, OCTETS, taken, communityOctets(replace ?? add ?? []))]
    return (draft) => draft.rewrite(steps)
  },
}
