/** Which route targets stand for what was agreed with another domain. */
import type { VnSettings } from '../../domain/settings.ts'
import { targetKey } from '../../policy/rewrite/steps.ts'
import type { FederatedDomain, ShareSettings } from '../settings.ts'

/** One shared VN in its route targets, 8 octets each. */
export interface AgreedTargets {
  readonly share: ShareSettings
  readonly vn: VnSettings
  /** Ours: what may leave. */
  readonly leaving: readonly Uint8Array[]
  /** What their targets of the VN become: the local import targets. */
  readonly become: readonly Uint8Array[]
}

/**
 * The shares of a domain whose VN is among `vns`. A target that a shared VN has in common with one that is not part of the agreement stands for
 * neither: it would carry routes from the one into the other.
 */
export function agreedTargets(domain: FederatedDomain, vns: ReadonlyMap<string, VnSettings>): AgreedTargets[] {
  const names = new Set(domain.share.map(({ vn }) => vn))
  const foreign = new Set(
    [...vns.values()].filter(({ name }) => !names.has(name)).flatMap((vn) => allTargets(vn).map((target) => targetKey(target))),
  )
  const own = (targets: readonly Uint8Array[]) => targets.filter((target) => !foreign.has(targetKey(target)))
  return domain.share.flatMap((share) => {
    const vn = vns.get(share.vn)
    return vn === undefined ? [] : [{ share, vn, leaving: own(allTargets(vn)), become: own(vn.importTargets) }]
  })
}

function allTargets({ exportTargets, importTargets }: VnSettings): Uint8Array[] {
  return [...exportTargets, ...importTargets]
}
