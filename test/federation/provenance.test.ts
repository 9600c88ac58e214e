import { expect, test } from 'vitest'
import { autoDomainId } from '../../src/address/domain-id.ts'
import { ByteKey, KEY_START } from '../../src/bytes/byte-key.ts'
import { copy, put8 } from '../../src/bytes/octets.ts'
import { Provenance } from '../../src/federation/agreement/provenance.ts'
import { AttributeSets } from '../../src/rib/attribute-sets.ts'
import { asPath, attribute, join, ORIGIN_IGP } from '../wire/update-octets.ts'
import { domainOf, federationOf } from './agreement.ts'

const [INSIDE, FRA_SESSION] = [1, 2]
const D_PATH = 36
const OPTIONAL_TRANSITIVE = 0xc0
const EVPN = 70
const sourceOf = (peer: number) => ({ external: true, client: false, routerId: 1, domain: peer === FRA_SESSION ? 'fra' : null })

function stage() {
  const sets = new AttributeSets()
  const key = new ByteKey(256)
  const provenance = new Provenance(
    federationOf(
      [domainOf('fra', 65002), domainOf('par', 65003), { ...domainOf('par2', 65003), domainId: autoDomainId(65103) }],
      [['fra', 'par']],
    ),
  )
  /** A set of a peer, with this D-PATH, the last domain first, and the AS in front of its AS_PATH. */
  const from = (peer: number, domains: readonly number[], asn?: number) => {
    const ids = domains.flatMap((domain) => [...autoDomainId(domain), EVPN])
    const dPath = domains.length === 0 ? [] : [attribute(OPTIONAL_TRANSITIVE, D_PATH, Uint8Array.of(domains.length, ...ids))]
    const attributes = join(ORIGIN_IGP, asn === undefined ? asPath() : asPath(asn), ...dPath)
    const head = put8(key.octets, put8(key.octets, put8(key.octets, KEY_START, peer), 0), 0)
    key.seal(copy(attributes, 0, attributes.length, key.octets, head))
    return provenance.of(sets, sets.intern(key), sourceOf)
  }
  return { provenance, from }
}

test('a route comes from the domain of its session, else from the last one in its D-PATH, else from those of the AS in front', () => {
  const { from } = stage()
  expect(from(FRA_SESSION, [65003, 65002], 65003)).toEqual(['fra'])
  expect(from(INSIDE, [65103, 65002], 65002)).toEqual(['par2'])
  expect(from(INSIDE, [], 65002)).toEqual(['fra'])
  expect(from(INSIDE, [], 65003)).toEqual(['par', 'par2'])
  // Who has put our own domain in front has told us of the inside, unless the AS says otherwise.
  expect(from(INSIDE, [65001, 65002], 65009)).toEqual([])
  expect(from(INSIDE, [])).toEqual([])
})

test('a domain that is none of those agreed with is told by its DOMAIN-ID, and nothing of it passes', () => {
  const { provenance, from } = stage()
  const unknown = from(INSIDE, [65077])
  expect(unknown).toHaveLength(1)
  expect(unknown).not.toEqual(from(INSIDE, [65078]))
  expect(provenance.mayPass(unknown, 'fra')).toBe(false)
})

test('of several domains that a route may have come from all must be named with the one that it goes to', () => {
  const { provenance } = stage()
  expect(provenance.mayPass(['fra'], 'par')).toBe(true)
  expect(provenance.mayPass(['par'], 'fra')).toBe(true)
  expect(provenance.mayPass(['par', 'par2'], 'fra')).toBe(false)
  expect(provenance.mayPass(['fra'], 'fra')).toBe(false)
  expect(provenance.mayPass([], 'fra')).toBe(true)
})

test('the answer is not made anew for every route', () => {
  const { from } = stage()
  expect(from(FRA_SESSION, [])).toBe(from(FRA_SESSION, [65002]))
  expect(from(INSIDE, [65103], 65002)).toBe(from(INSIDE, [65103]))
})
