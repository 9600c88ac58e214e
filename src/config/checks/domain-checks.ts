/** What no single field of `federation` can tell. */
import { autoDomainId, formatDomainId } from '../../address/domain-id.ts'
import type { FieldPath } from '../file/problem.ts'
import { parseEndpoint } from '../schema/endpoint.ts'
import { type Checks, listed } from './checks.ts'
import { checkPassive, checkPeerAddress, checkSameVersion } from './session-checks.ts'
import { checkVia } from './via-checks.ts'

export function checkDomains(checks: Checks): void {
  const ownAsn = checks.view.number(['nva', 'asn'])
  for (const name of checks.view.keys(['federation', 'domains'])) {
    const domain: FieldPath = ['federation', 'domains', name]
    if (name === checks.view.text(['nva', 'domain'])) {
      checks.object(domain, 'the name of another domain', `${name}, the name of the own domain`)
    }
    const asn = checks.view.number([...domain, 'asn'])
    if (asn !== undefined && asn === ownAsn) {
      checks.object([...domain, 'asn'], `an AS number that is not the own one: ${checks.place(['nva', 'asn'])} has it`)
    }
    for (const path of checks.items([...domain, 'peers'])) {
      const endpoint = parseEndpoint(checks.view.text(path) ?? '')
      if (!endpoint.ok) continue
      checkPeerAddress(checks, path, endpoint.value.address)
      checkSameVersion(checks, endpoint.value.address, [...domain, 'localAddress'])
    }
    checkPassive(checks, [...domain, 'passive'])
    checkShares(checks, domain)
  }
  checkDomainIds(checks)
  checkTransit(checks)
}

/** A D-PATH tells domains apart by their ids alone. */
function checkDomainIds(checks: Checks): void {
  const own = checks.view.number(['nva', 'asn'])
  const ownId = checks.view.text(['federation', 'domainId']) ?? (own === undefined ? undefined : formatDomainId(autoDomainId(own)))
  const ownPath: FieldPath = checks.view.has(['federation', 'domainId']) ? ['federation', 'domainId'] : ['nva', 'asn']
  if (ownId !== undefined) checks.once(`domain id ${ownId}`, ownPath, 'a DOMAIN-ID that no other domain has')
  for (const name of checks.view.keys(['federation', 'domains'])) {
    const domain: FieldPath = ['federation', 'domains', name]
    const asn = checks.view.number([...domain, 'asn'])
    const typed = checks.view.text([...domain, 'domainId'])
    const id = typed ?? (asn === undefined || asn === own ? undefined : formatDomainId(autoDomainId(asn)))
    const path = [...domain, typed === undefined ? 'asn' : 'domainId']
    if (id !== undefined) checks.once(`domain id ${id}`, path, 'a DOMAIN-ID (by default the AS number and 0) that no other domain has')
  }
}

function checkTransit(checks: Checks): void {
  const names = checks.view.keys(['federation', 'domains'])
  for (const pair of checks.items(['federation', 'transit'])) {
    const [a, b] = [checks.view.text([...pair, 0]), checks.view.text([...pair, 1])]
    for (const [at, name] of [a, b].entries()) {
      if (name !== undefined && !names.includes(name)) checks.object([...pair, at], `the name of a domain: ${listed(names)}`)
    }
    if (a !== undefined && a === b) checks.object([...pair, 1], 'another domain than the first of the pair')
  }
}

function checkShares(checks: Checks, domain: FieldPath): void {
  const seen = new Map<number, FieldPath>()
  for (const vn of checks.view.keys([...domain, 'share'])) {
    const path = [...domain, 'share', vn]
    if (!checks.view.keys(['vns']).includes(vn)) {
      checks.object(path, `a VN of this file: ${listed(checks.view.keys(['vns']))}`, `${vn}, which is not under vns`)
    }
    const local = checks.view.number(['vns', vn, 'vni'])
    const typed = checks.view.number([...path, 'vni'])
    if (checks.view.has([...path, 'via'])) checkVia(checks, vn, [...path, 'via'])
    else if (typed !== undefined && local !== undefined && typed !== local && checks.view.flag([...path, 'downstreamVni']) !== true) {
      const able = 'direct mode needs equal VNIs on both sides, unless the NVEs take the VNI of each route: downstreamVni: true'
      checks.object([...path, 'vni'], `the local VNI ${local}: ${able}`)
    }
    const vni = typed ?? local
    const first = vni === undefined ? undefined : seen.get(vni)
    if (vni === undefined) continue
    if (first === undefined) seen.set(vni, path)
    else
      checks.object(
        typed === undefined ? path : [...path, 'vni'],
        `a VNI that no other share of the domain has: ${checks.place(first)} has it`,
        String(vni),
      )
  }
}
