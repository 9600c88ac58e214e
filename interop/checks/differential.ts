/**
 * The same stream of random UPDATEs into FRR as a reflector and into the NVA: a client of both must end up with the same. The stream keeps off what FRR 8.4 does
 * otherwise: it sorts communities and drops those that stand twice, joins AS_PATH segments, writes MED 0 where none is, loses the gateway of type 5 and a second label
 * without an IP address, writes its own idea of the label of type 1 and of the endpoint of a PMSI tunnel, and withdraws what one UPDATE both announces and withdraws
 * (which RFC 4271 §4.3 has announced).
 */
import { Chance } from '../../test/fuzz/chance.ts'
import { startFrrReflector } from '../lab/frr-reflector.ts'
import { DOMAINS, PROBES } from '../lab/plan.ts'
import { establishedPeer, type ScriptedPeer } from '../lab/scripted-peer.ts'
import { expect, Unmet, until } from '../lab/until.ts'
import { type Attribute, MESSAGE, message, mpReach, mpUnreach, nlri, routeTarget, update } from '../peer/octets.ts'
import type { Check } from './check.ts'
import { undisturbed } from './undisturbed.ts'

const OPERATIONS = 600
const SEED = 1
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const octet = (value: number): string => value.toString(16).padStart(2, '0')
const word = (value: number): string => value.toString(16).padStart(8, '0')

/** RDs of routes of this check alone begin so. */
const RD = '0001 c6336401'
const VTEPS = ['10.1.0.45', '10.1.0.46', '10.1.0.47']
const ASES = [3, 65100, 65200, 4_200_000_001]
const ANY_REFRESH = message(MESSAGE.routeRefresh, hex('0019 00 46'))

/** `most` of `of` at most, in their order. */
const some = <T>(chance: Chance, of: readonly T[], most: number): T[] => of.filter(() => chance.once(2)).slice(0, most)

function route(chance: Chance): Buffer {
  const rd = `${RD} 000${1 + chance.below(2)}`
  const esi = `00 00000000000000 00 0${1 + chance.below(3)}`
  const address = `0a0900 0${1 + chance.below(3)}`
  const mac = `02 0000 0000 0${1 + chance.below(6)}`
  const tag = '00000000'
  const label = `0026b${chance.below(2)}`
  switch (chance.pick([1, 2, 2, 2, 2, 3, 4, 5])) {
    case 1:
      return nlri(1, hex(`${rd} ${esi} ${chance.pick([tag, 'ffffffff'])} 000000`))
    case 2:
      return nlri(
        2,
        hex(
          `${rd} ${chance.pick([esi, '00'.repeat(10)])} ${tag} 30 ${mac} ${chance.pick([`00 ${label}`, `20 ${address} ${label}`, `20 ${address} ${label} 0026bf`, `80 20010db8${'00'.repeat(11)}01 ${label}`])}`,
        ),
      )
    case 3:
      return nlri(3, hex(`${rd} ${tag} 20 ${address}`))
    case 4:
      return nlri(4, hex(`${rd} ${esi} 20 ${address}`))
    default:
      return nlri(5, hex(`${rd} ${'00'.repeat(10)} ${tag} ${chance.pick(['18', '20'])} 0a09 0${chance.below(3)}00 00000000 ${label}`))
  }
}

function attributes(chance: Chance, vtep: string): Attribute[] {
  // Half of them are alike in all that is asked before the MED.
  const alike = chance.once(2)
  const sequence = alike ? [65100] : Array.from({ length: chance.below(4) }, () => chance.pick(ASES))
  const set = alike || chance.once(2) ? [] : some(chance, ASES, 3)
  const segment = (type: number, asns: readonly number[]) =>
    asns.length === 0 ? '' : `0${type} 0${asns.length} ${asns.map(word).join('')}`
  const extended = [
    routeTarget(DOMAINS.a.asn, 9905 + chance.below(3)),
    ...some(
      chance,
      [hex('030c 00000000 0008'), hex(`0600 0${chance.below(2)}00 ${word(chance.below(4))}`), hex(`0603 0200 0000 000${chance.below(4)}`)],
      3,
    ),
  ]
  const found: Attribute[] = [
    { flags: 0x40, code: 1, value: Buffer.from([alike ? 0 : chance.below(3)]) },
    { flags: 0x40, code: 2, value: hex(segment(2, sequence) + segment(1, set)) },
    { flags: 0x80, code: 4, value: hex(word(1 + chance.below(3))) },
    { flags: 0x40, code: 5, value: hex(word(alike ? 100 : chance.pick([100, 200]))) },
    { flags: 0xc0, code: 16, value: Buffer.concat(extended) },
    {
      flags: 0xc0,
      code: 22,
      value: hex(
        `00 06 0026b0 ${vtep
          .split('.')
          .map((part) => octet(Number(part)))
          .join('')}`,
      ),
    },
  ]
  const communities = some(chance, ['fde90001', 'fde90002', 'fde90003'], 3)
  const large = some(chance, ['0000fde9 00000001 00000001', '0000fde9 00000001 00000002'], 2)
  if (communities.length > 0) found.push({ flags: 0xc0, code: 8, value: hex(communities.join('')) })
  if (large.length > 0) found.push({ flags: 0xc0, code: 32, value: hex(large.join('')) })
  if (chance.once(6)) found.push({ flags: 0x80, code: 9, value: hex(`c633640${1 + chance.below(3)}`) })
  if (chance.once(6)) found.push({ flags: 0x80, code: 10, value: hex(some(chance, ['c6336491', 'c6336492'], 2).join('') || 'c6336493') })
  if (chance.once(6)) found.push({ flags: chance.pick([0xc0, 0xe0, 0x80]), code: 222, value: hex('cafe'.repeat(chance.below(3))) })
  return found
}

/** What a receiver holds of this check, in words: attributes by code, whatever order they came in. */
function held(receiver: ScriptedPeer): Map<string, string> {
  const mine = [...receiver.table()].filter(([key]) => key.slice(4).startsWith(RD.replaceAll(' ', '')))
  return new Map(
    mine.map(([key, { nextHop, attributes }]) => {
      const listed = [...attributes].sort(([a], [b]) => a - b).map(([code, value]) => `${code}: ${value}`)
      return [key, `next hop ${nextHop}; ${listed.join('; ')}`]
    }),
  )
}

export const differential: readonly Check[] = [
  {
    name: `differential: ${OPERATIONS} random UPDATEs of two clients leave a third one with what FRR as the reflector leaves it with`,
    only: 'fednva',
    run: (lab) =>
      undisturbed(lab, async () => {
        const frr = await startFrrReflector(lab.workplace)
        const peers: ScriptedPeer[] = []
        const joined = async (address: string, remote: string) => {
          const peer = await establishedPeer(address, { remote })
          peers.push(peer)
          return peer
        }
        try {
          const both = [DOMAINS.a.nvaV4, PROBES.reflector] as const
          const of = async (address: string) => [await joined(address, both[0]), await joined(address, both[1])] as const
          const [one, two, receivers] = [await of(PROBES.sender), await of(PROBES.rude), await of(PROBES.receiver)]
          const chance = new Chance(SEED)
          for (let i = 0; i < OPERATIONS; i++) {
            const routes = Array.from({ length: 1 + chance.below(3) }, () => route(chance))
            const kind = chance.next()
            const vtep = chance.pick(VTEPS)
            const announces = kind < 0.72
            const octets =
              kind > 0.97
                ? ANY_REFRESH
                : update(announces ? [...attributes(chance, vtep), mpReach(vtep, ...routes)] : [mpUnreach(...routes)])
            const from = kind > 0.97 ? receivers : chance.pick([one, two])
            for (const peer of from) peer.send(octets)
          }
          let same = 0
          await until('the same at both receivers', 30, () => {
            const [ours, theirs] = [held(receivers[0]), held(receivers[1])]
            const keys = new Set([...ours.keys(), ...theirs.keys()])
            const other = [...keys].filter((key) => ours.get(key) !== theirs.get(key))
            same = keys.size
            if (other.length === 0 && same > 0) return true
            const shown = other
              .slice(0, 3)
              .map((key) => `${key}\n  NVA ${ours.get(key) ?? 'nothing'}\n  FRR ${theirs.get(key) ?? 'nothing'}`)
            throw new Unmet(`${other.length} of ${keys.size} routes differ`, shown.join('\n'))
          })
          expect(same >= 40, `only ${same} routes were compared`)
          expect(
            peers.every((peer) => peer.established()),
            'a session of the scripted peers ended',
          )
        } finally {
          await Promise.all(peers.map((peer) => peer.stop()))
          await frr.stop()
        }
      }),
  },
]
