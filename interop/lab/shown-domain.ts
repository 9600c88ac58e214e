import type { FederatedDomainView, FederationView } from '../../src/api/schema/federation.ts'
import type { Region, RegionDomain } from './region.ts'
import { expect } from './until.ts'

/** What the NVA of a domain shows of another one (`show federation`). */
export async function shownDomain(region: Region, at: RegionDomain, name: string): Promise<FederatedDomainView> {
  const { domains } = await region.show<FederationView>(at, 'federation')
  const found = domains.find((domain) => domain.name === name)
  expect(found !== undefined, `${at} shows no domain ${name}`, JSON.stringify(domains))
  return found
}
