/** What no single field can tell: names that must exist, things that may be there only once, values that contradict each other. */
import type { FieldPath, Problem } from '../file/problem.ts'
import type { ReadSecret } from '../file/secret.ts'
import { type SoundView, soundView } from '../file/sound-view.ts'
import type { YamlSource } from '../file/yaml-source.ts'
import { warnOfBridgedGateways } from './bridged-gateways.ts'
import { Checks } from './checks.ts'
import { warnOfCommonTargets } from './common-targets.ts'
import { checkDomains } from './domain-checks.ts'
import { checkInterVn } from './inter-vn-checks.ts'
import { warnOfMixedShares } from './mixed-shares.ts'
import { checkPolicies } from './policy-checks.ts'
import { checkListen, checkListenRanges, checkPeers } from './session-checks.ts'
import { warnOfUnseenMarks } from './unseen-marks.ts'
import { checkVns } from './vn-checks.ts'

/** All contradictions in the file of an NVA, among the parts the schema has accepted. */
export function crossProblems(
  source: YamlSource,
  objections: readonly Problem[],
  readSecret: ReadSecret,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const checks = new Checks(source, soundView(source.value, objections))
  checkVns(checks)
  checkListen(checks)
  checkPeers(checks)
  checkListenRanges(checks)
  checkDomains(checks)
  warnOfCommonTargets(checks)
  warnOfBridgedGateways(checks)
  warnOfMixedShares(checks)
  checkInterVn(checks)
  checkPolicies(checks)
  warnOfUnseenMarks(checks)
  for (const path of passwordPaths(checks.view)) checks.secret(path, readSecret)
  return checks
}

function passwordPaths(view: SoundView): FieldPath[] {
  const owners: FieldPath[] = [['peerGroups'], ['peers'], ['federation', 'domains']]
  return owners.flatMap((owner) => view.keys(owner).map((name) => [...owner, name, 'password']))
}
