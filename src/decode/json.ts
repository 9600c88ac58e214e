/** A decoded message as one line of JSON: the view in neutral names, the faults, and the tree of fields. */
import { hex } from '../bytes/octets.ts'
import type { Fault } from '../wire/fault.ts'
import type { Decoded, Found } from './decoded.ts'
import { formatUtc } from './utc.ts'

/** Without a line end. */
export function jsonOf(found: Found, { name, message, faults, fields }: Decoded): string {
  const { number, octets, streamOffset, packet } = found
  const time = packet === null ? undefined : formatUtc(packet.seconds, packet.nanoseconds)
  return JSON.stringify({
    number,
    name,
    length: octets.length,
    streamOffset,
    packet: packet?.number,
    time,
    from: packet?.from,
    to: packet?.to,
    message,
    faults: faults.map(faultOf),
    fields,
  })
}

/** A fault, its NOTIFICATION data in hex. */
function faultOf(fault: Fault): object {
  return fault.reach === 'session' ? { ...fault, data: hex(fault.data) } : fault
}
