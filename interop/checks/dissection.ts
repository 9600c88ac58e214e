import { type Capture, dissect, explain } from '../lab/capture.ts'
import type { Lab } from '../lab/lab.ts'
import { DOMAINS, type DomainPlan } from '../lab/plan.ts'
import { expect, Unmet, until } from '../lab/until.ts'
import { HEADER, MARKER, MESSAGE, readUpdate, type SeenRoute } from '../peer/octets.ts'
import type { Check } from './check.ts'

/**
 * Route types that tshark 4.0 cannot read, so that it calls their packets malformed: it knows no 9 and none above 10, and of type 8 it leaves
 * the octets after the Originator Router Address (RFC 9251 §9.3) to be read as the next NLRI. The opaque check sends such routes.
 */
const unreadableType = (type: number): boolean => type === 8 || type === 9 || type > 10

/** Nor does it know a PMSI tunnel type above 7, as assisted replication is (RFC 9574); the value is `flags, tunnel type, ...` in hexadecimal. */
const PMSI_TUNNEL = 22
const LAST_KNOWN_TUNNEL = 7
const unreadableTunnel = (route: SeenRoute): boolean =>
  Number.parseInt(route.attributes.get(PMSI_TUNNEL)?.split(' ')[1]?.slice(2, 4) ?? '0', 16) > LAST_KNOWN_TUNNEL

/** Whether a packet's TCP payload holds an UPDATE that tshark has to stumble over. */
function isKnownLimit(payload: string): boolean {
  const octets = Buffer.from(payload, 'hex')
  for (let at = 0; at + HEADER <= octets.length && octets.indexOf(MARKER, at) === at; at += octets.readUInt16BE(at + 16)) {
    const message = octets.subarray(at, at + octets.readUInt16BE(at + 16))
    if (message[18] !== MESSAGE.update) continue
    const { announced, withdrawn } = readUpdate(message)
    const types = [...announced.map((route) => route.type), ...withdrawn.map((route) => Number.parseInt(route.slice(0, 2), 16))]
    if (types.some(unreadableType) || announced.some(unreadableTunnel)) return true
  }
  return false
}

/** tshark's number for the expert severity "Error". */
const SEVERITY_ERROR = 0x00800000

const sentBy = (domain: DomainPlan): string => `(ip.src == ${domain.nvaV4} || ip.src == ${domain.wan} || ipv6.src == ${domain.nvaV6})`

async function dissected(capture: Capture, sender: string): Promise<void> {
  const filter = `${sender} && tcp.len > 0`
  const rows = await until('OPEN, UPDATE and KEEPALIVE in the capture', 10, async () => {
    const found = await dissect(capture.file, `${filter} && bgp`, ['frame.number', 'bgp.type'])
    const types = new Set(found.flatMap(([, list]) => (list ?? '').split(',').map(Number)))
    const absent = [MESSAGE.open, MESSAGE.update, MESSAGE.keepalive].filter((type) => !types.has(type))
    if (absent.length > 0) throw new Unmet(`no message of type ${absent.join(', ')} in ${found.length} packets`)
    return found
  })
  const all = await dissect(capture.file, `${filter} && bgp && (_ws.malformed || _ws.expert.severity == ${SEVERITY_ERROR})`, [
    'frame.number',
    'bgp.evpn.nlri.rt',
    '_ws.expert.message',
    'tcp.payload',
  ])
  const complaints = all.filter((row) => !isKnownLimit(row.at(-1) ?? ''))
  expect(
    complaints.length === 0,
    `tshark objects to ${complaints.length} of ${rows.length} packets`,
    complaints.length === 0
      ? ''
      : `${complaints.map((row) => row.join(' ')).join('\n')}\n${(await explain(capture.file, complaints[0]![0]!)).slice(0, 3000)}`,
  )
  // what belongs to no later packet and is not seen as BGP was not understood at all
  const unread = await dissect(capture.file, `${filter} && !bgp && !tcp.reassembled_in && !tcp.analysis.retransmission`, [
    'frame.number',
    'tcp.payload',
  ])
  expect(unread.length === 0, `tshark does not see BGP in ${unread.length} packets`, unread.slice(0, 5).join('\n'))
}

export const dissection: readonly Check[] = [
  {
    name: 'dissection: tshark reads everything that the NVAs sent without a malformed field',
    async run(lab: Lab) {
      await dissected(lab.captures.a, sentBy(DOMAINS.a))
      await dissected(lab.captures.b, sentBy(DOMAINS.b))
    },
  },
]
