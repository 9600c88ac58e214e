import { shownPeers } from '../lab/nva-fednva.ts'
import { DOMAINS, NVES, PROBES, sessionAddressOf } from '../lab/plan.ts'
import { establishedPeer } from '../lab/scripted-peer.ts'
import { expect, Unmet, until } from '../lab/until.ts'
import { type Attribute, internalAttributes, mpReach, mpUnreach, nlri, readUpdate, routeTarget, update } from '../peer/octets.ts'
import type { Check } from './check.ts'
import { differences } from './octets.ts'
import { undisturbed } from './undisturbed.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** Type 1 RD of the sender, number 9; Ethernet tag 0; a type-0 ESI. */
const RD = `0001 0a01002a 0009`
const TAG = '00000000'
const ESI = '00 112233445566778899'
const SOURCE = '20 c0a86301'
const GROUP = '20 ef010101'
const ORIGINATOR = '20 0a01002a'
const LABEL = '0026ad'

type Body = readonly [type: number, body: Buffer]

/** A body per route type: 1 to 5 in their less usual forms, 6 to 11 as RFC 9251 and RFC 9572 draw them, then types that nobody has assigned. */
const BODIES: readonly Body[] = [
  [1, hex(`${RD} ${ESI} 00000007 ${LABEL}`)],
  [2, hex(`${RD} ${ESI} 00000007 30 02000000000a 20 c0a86301 ${LABEL} 0026ae`)],
  [2, hex(`${RD} ${ESI} ${TAG} 30 02000000000b 80 20010db8000000000000000000000001 ${LABEL} 0026ae`)],
  [3, hex(`${RD} ${TAG} ${ORIGINATOR}`)],
  [4, hex(`${RD} ${ESI} ${ORIGINATOR}`)],
  [5, hex(`${RD} 00000000000000000000 00000007 18 c6336400 c0a86301 ${LABEL}`)],
  [6, hex(`${RD} ${TAG} ${SOURCE} ${GROUP} ${ORIGINATOR} 02`)],
  [7, hex(`${RD} ${ESI} ${TAG} ${SOURCE} ${GROUP} ${ORIGINATOR} 02`)],
  [8, hex(`${RD} ${ESI} ${TAG} ${SOURCE} ${GROUP} ${ORIGINATOR} 00000000 0a 02`)],
  [9, hex(`${RD} ${TAG} 0002fde900000001`)],
  [10, hex(`${RD} ${TAG} ${SOURCE} ${GROUP} ${ORIGINATOR}`)],
  [11, hex(`0311 ${RD} ${TAG} ${ORIGINATOR} ${ORIGINATOR}`)],
  [12, hex(`${RD} deadbeef`)],
  [200, hex('00')],
  [201, Buffer.alloc(0)],
  [255, Buffer.alloc(200, 0x5a)],
]

/** Extended communities that nobody knows, in an order that nobody sorts into, beside the route target. */
const communities = [hex('4399 010203040506'), routeTarget(DOMAINS.a.asn, 9903), hex('030c 00000000 0008'), hex('0600 00 00000001 ff')]

/** A path attribute of an unassigned code, optional transitive: to be passed on with the Partial bit set (RFC 4271 §5). */
const UNKNOWN_CODE = 222
const unknownAttribute: Attribute = { flags: 0xc0, code: UNKNOWN_CODE, value: hex('cafe0102') }
const PARTIAL = 'e0 cafe0102'

/** What FRR 8.4 as a neighbour answers with 3/9 or 3/5 and the end of its session: IPv6 originators of types 3 and 4, tunnels it does not know. */
const BODIES_FRR_REFUSES: readonly Body[] = [
  [3, hex(`${RD} ${TAG} 80 20010db8000000000000000000000002`)],
  [4, hex(`${RD} ${ESI} 80 20010db8000000000000000000000003`)],
]

/** PMSI tunnels (RFC 6514 §5) with ingress replication over IPv6, and with assisted replication (RFC 9574). */
const TUNNELS_FRR_REFUSES: readonly Attribute[] = [
  { flags: 0xc0, code: 22, value: hex(`00 06 ${LABEL} 20010db8000000000000000000000002`) },
  { flags: 0xc0, code: 22, value: hex(`08 0a ${LABEL} 0a01002a`) },
]

interface RawRoute {
  readonly octets: Buffer
  readonly withdrawal: Buffer
}

const rawRoute = ([type, body]: Body, ...further: readonly Attribute[]): RawRoute => ({
  octets: update([...internalAttributes(...communities), ...further, unknownAttribute, mpReach(PROBES.sender, nlri(type, body))]),
  withdrawal: update([mpUnreach(nlri(type, body))]),
})

/** Sends routes as they stand, compares what another client of the reflector at `nva` gets, withdraws them, and sees them go. */
async function reflectedRaw(routes: readonly RawRoute[], nva: string, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
  const sender = await establishedPeer(PROBES.sender, { remote: nva })
  const receiver = await establishedPeer(PROBES.receiver, { remote: nva })
  try {
    for (const route of routes) sender.send(route.octets)
    const sent = routes.flatMap((route) => readUpdate(route.octets).announced)
    await until('all types at the receiver', 15, () => {
      const table = receiver.table()
      const missing = sent.filter((route) => !table.has(route.nlri))
      if (missing.length === 0) return true
      expect(sender.established(), 'the NVA ended the session of the sender', () => JSON.stringify(sender.sights().slice(-3)))
      throw new Unmet(`${missing.length} not arrived:`, missing.map((route) => `type ${route.type}: ${route.nlri}`).join('\n'))
    })
    const table = receiver.table()
    for (const route of sent) {
      const expected = { ...route, attributes: new Map([...route.attributes, [UNKNOWN_CODE, PARTIAL]]) }
      const found = differences(expected, table.get(route.nlri)!, PROBES.sender, nva)
      expect(found.length === 0, `a type ${route.type} route arrived changed`, `${route.nlri}\n${found.join('\n')}`)
    }
    await meanwhile()
    for (const route of routes) sender.send(route.withdrawal)
    await until('the withdrawals of all types at the receiver', 15, () => {
      const table = receiver.table()
      const left = sent.filter((route) => table.has(route.nlri))
      if (left.length === 0) return true
      const seen = receiver.updates().flatMap((update) => update.withdrawn)
      throw new Unmet(`${left.length} stayed:`, [...left.map((route) => route.nlri), 'withdrawn:', ...seen].join('\n'))
    })
    const own = new Set(sent.map((route) => route.nlri))
    const echoed = sender
      .updates()
      .flatMap((seen) => seen.announced)
      .filter((route) => own.has(route.nlri))
    expect(echoed.length === 0, 'the sender got its own routes back', () => echoed.map((route) => route.nlri).join('\n'))
    expect(sender.established() && receiver.established(), 'a session of the scripted peers ended')
  } finally {
    await Promise.all([sender.stop(), receiver.stop()])
  }
}

export const opaque: readonly Check[] = [
  {
    name: 'octets: types 1 to 11, unassigned types and an unknown attribute sent raw arrive octet for octet, and go again',
    only: 'fednva',
    run: (lab) =>
      undisturbed(lab, () =>
        reflectedRaw(
          BODIES.map((body) => rawRoute(body)),
          DOMAINS.a.nvaV4,
        ),
      ),
  },
  {
    name: 'profile frr8: forms that FRR 8.4 ends its session over arrive octet for octet at a peer without the profile, and no FRR loses its session',
    only: 'fednva',
    run: (lab) =>
      undisturbed(lab, async () => {
        const tunnels = TUNNELS_FRR_REFUSES.map((tunnel, index) => rawRoute([3, hex(`${RD} 0000000${index + 1} ${ORIGINATOR}`)], tunnel))
        const routes = [...BODIES_FRR_REFUSES.map((body) => rawRoute(body)), ...tunnels]
        await reflectedRaw(routes, DOMAINS.a.nvaV4, async () => {
          const peers = await shownPeers(DOMAINS.a, lab.workplace)
          for (const nve of NVES.filter(({ domain }) => domain === 'a')) {
            const withheld = peers.find((peer) => peer.address === sessionAddressOf(nve))?.withheld ?? {}
            const spared = Object.entries(withheld).find(([reason]) => reason.includes('profile'))?.[1]
            expect(spared === routes.length, `${nve.name} is not said to be spared ${routes.length} routes`, JSON.stringify(withheld))
          }
        })
      }),
  },
]
