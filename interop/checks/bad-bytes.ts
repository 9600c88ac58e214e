import type { Lab } from '../lab/lab.ts'
import { DOMAINS, PROBES } from '../lab/plan.ts'
import { establishedPeer, type ScriptedPeer, scriptedPeer } from '../lab/scripted-peer.ts'
import { expect, untilTrue } from '../lab/until.ts'
import { internalAttributes, keepalive, MESSAGE, message, mpReach, nlri, open, routeTarget, update } from '../peer/octets.ts'
import type { Check } from './check.ts'
import { undisturbed } from './undisturbed.ts'

/** Octets that are wrong, and the NOTIFICATION they have to be answered with. */
interface Offence {
  readonly what: string
  readonly octets: Buffer
  readonly code: number
  readonly subcode: number
  /** Data of the NOTIFICATION in hexadecimal where the RFC says what it has to be. */
  readonly data?: string
}

/** A copy with one octet changed. */
function altered(octets: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(octets)
  copy[at] = value
  return copy
}

const withLength = (octets: Buffer, length: number): Buffer => altered(altered(octets, 16, length >> 8), 17, length & 0xff)

const HOLD_SECONDS = 30
const good = open(DOMAINS.a.asn, PROBES.rude, HOLD_SECONDS)
const reach = mpReach(PROBES.rude, nlri(200, Buffer.from([1])))
const attributes = internalAttributes(routeTarget(DOMAINS.a.asn, 9904))

/** Instead of a proper OPEN (RFC 4271 §6.1, §6.2, RFC 6608). */
const IN_PLACE_OF_OPEN: readonly Offence[] = [
  { what: 'OPEN with version 3', octets: altered(good, 19, 3), code: 2, subcode: 1, data: '0004' },
  { what: 'OPEN of another AS', octets: open(65099, PROBES.rude, HOLD_SECONDS), code: 2, subcode: 2 },
  { what: 'OPEN with BGP Identifier 0', octets: open(DOMAINS.a.asn, '0.0.0.0', HOLD_SECONDS), code: 2, subcode: 3 },
  { what: 'OPEN with hold time 1', octets: open(DOMAINS.a.asn, PROBES.rude, 1), code: 2, subcode: 6 },
  { what: 'OPEN with the marker wrong', octets: altered(good, 3, 0x7f), code: 1, subcode: 1 },
  { what: 'UPDATE before OPEN', octets: update([...attributes, reach]), code: 5, subcode: 1 },
]

/** On an established session (RFC 4271 §6.1, §6.3). */
const WHEN_ESTABLISHED: readonly Offence[] = [
  { what: 'a marker that is not all ones', octets: altered(keepalive(), 0, 0), code: 1, subcode: 1 },
  { what: 'length 18', octets: withLength(keepalive(), 18), code: 1, subcode: 2, data: '0012' },
  { what: 'length 4097 without extended messages', octets: withLength(keepalive(), 4097), code: 1, subcode: 2, data: '1001' },
  { what: 'KEEPALIVE of 20 octets', octets: message(MESSAGE.keepalive, Buffer.from([0])), code: 1, subcode: 2, data: '0014' },
  { what: 'message type 99', octets: message(99, Buffer.alloc(0)), code: 1, subcode: 3, data: '63' },
  { what: 'attributes longer than their UPDATE', octets: message(MESSAGE.update, Buffer.from([0, 0, 0xff, 0xff])), code: 3, subcode: 1 },
  { what: 'MP_REACH_NLRI twice', octets: update([...attributes, reach, reach]), code: 3, subcode: 1 },
]

async function answered(peer: ScriptedPeer, offence: Offence): Promise<void> {
  const { code, subcode, data } = await peer.untilNotified()
  const said = `NOTIFICATION ${code}/${subcode} data "${data.toString('hex')}"`
  expect(code === offence.code && subcode === offence.subcode, `${offence.what}: expected ${offence.code}/${offence.subcode}`, said)
  expect(offence.data === undefined || data.toString('hex') === offence.data, `${offence.what}: expected data ${offence.data}`, said)
}

async function alone(lab: Lab, offence: Offence, begin: () => Promise<ScriptedPeer>): Promise<void> {
  const bystander = await establishedPeer(PROBES.receiver)
  try {
    await undisturbed(lab, async () => {
      const peer = await begin()
      try {
        peer.send(offence.octets)
        await answered(peer, offence)
      } finally {
        await peer.stop()
      }
    })
    expect(bystander.established(), 'another session from the same range went down too')
  } finally {
    await bystander.stop()
  }
}

/** Connected, and so far silent. */
async function connected(): Promise<ScriptedPeer> {
  const peer = scriptedPeer(PROBES.rude, { silent: true })
  await untilTrue('connection to the NVA', 10, () => peer.sights().some((sight) => sight.saw === 'connected'))
  return peer
}

export const badBytes: readonly Check[] = [
  ...IN_PLACE_OF_OPEN.map((offence) => ({
    name: `bad bytes: ${offence.what} gets ${offence.code}/${offence.subcode}, and only that session ends`,
    run: (lab: Lab) => alone(lab, offence, connected),
  })),
  ...WHEN_ESTABLISHED.map((offence) => ({
    name: `bad bytes: ${offence.what} gets ${offence.code}/${offence.subcode}, and only that session ends`,
    run: (lab: Lab) => alone(lab, offence, () => establishedPeer(PROBES.rude)),
  })),
]
