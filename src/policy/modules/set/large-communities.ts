import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { type Change, change } from '../argument/change.ts'
import { largeCommunityOctets, largeCommunityPatterns, largeCommunitySet, largeCommunityValues } from '../argument/communities.ts'
import { EVERY_ITEM, itemsStep, NO_ITEM } from '../edit/items.ts'
import type { SetModule } from '../module.ts'

/** Octets of one. */
const OCTETS = 12

export const largeCommunities: SetModule<Change> = {
  name: 'largeCommunities',
  looksAt: 'attributes',
  touches: [AttributeCode.largeCommunities],
  summary: 'Large communities (RFC 8092): takes some out, then puts some in that are not there; or replaces them all.',
  examples: [
    { typed: { add: '65001:1:2' }, means: 'one more' },
    { typed: { remove: '65001:1:*', add: ['65001:1:7'] }, means: 'all that begin with 65001:1 out, then this one in' },
    { typed: { replace: '65001:1:2' }, means: 'this one alone' },
  ],
  schema: change(largeCommunityValues, largeCommunityPatterns, {
    remove: 'what is taken out first',
    add: 'what is put in',
    replace: 'what stands in place of all',
  }),
  compile({ remove, add, replace }) {
    const taken = replace !== undefined ? EVERY_ITEM : remove === undefined ? NO_ITEM : largeCommunitySet(remove)
    const steps = [itemsStep(AttributeCode.largeCommunities, OCTETS, taken, largeCommunityOctets(replace ?? add ?? []))]
    return (draft) => draft.rewrite(steps)
  },
}
