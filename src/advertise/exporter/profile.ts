import { refusal } from '../../policy/refusal.ts'
import { classVerdicts, type Profile, takes } from '../../policy/rewrite/profile.ts'
import type { AttributeSets } from '../../rib/attribute-sets.ts'
import type { Exporter } from './exporter.ts'

/** An exporter that lets through what `exporter` does, but for routes that a peer of this profile cannot take. */
export function underProfile(exporter: Exporter, sets: AttributeSets, profile: Profile): Exporter {
  const mine = classVerdicts(profile)
  return {
    ...exporter,
    typeVerdicts: mine.map((verdict, routeClass) => exporter.typeVerdicts?.[routeClass] || verdict),
    key: `${exporter.key} ${profile}`,
    judge(set) {
      const verdict = exporter.judge(set)
      if (verdict !== 0) return verdict
      return takes(profile, sets.octets(set), sets.attributesAt(set), sets.attributesEnd(set)) ? 0 : refusal('peer-profile')
    },
  }
}
