import { macAt } from '../../../wire/nlri/evpn/in-place.ts'
import type { Entries } from '../argument/entries.ts'
import { isTrouble } from '../argument/fields.ts'
import { macPatterns, macSet } from '../argument/octet-patterns.ts'
import type { MatchModule } from '../module.ts'

export const mac: MatchModule<Entries> = {
  name: 'mac',
  looksAt: 'route',
  summary: 'The MAC address of a type 2 route. A file of 100,000 addresses is asked as quickly as one address.',
  examples: [
    { typed: '02:53:00:00:00:01', means: 'this one' },
    { typed: '02:53:*', means: 'all that begin so' },
    { typed: '02:00:00:00:00:01/0f:00:00:00:00:ff', means: 'all that are like it where the mask has bits' },
    { typed: ['00:00:5e:00:01:*', { file: 'storage-macs.txt' }], means: 'these, and those of a file with one entry a line' },
  ],
  schema: macPatterns,
  compile(argument, environment) {
    const wanted = macSet(argument, environment)
    if (isTrouble(wanted)) return wanted
    return ({ nlri, nlriAt, nlriLength }) => {
      const at = macAt(nlri, nlriAt, nlriLength)
      return at >= 0 && wanted.has(nlri, at)
    }
  },
}
