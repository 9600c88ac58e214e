/**
 * A capture file made of messages: each in a TCP segment of its own from port 179, every one of another connection, so that a reader dissects each
 * by itself. Link type raw IPv4, checksums left 0 (readers do not check them unless asked).
 */
const RAW_IPV4 = 228
const BGP_PORT = 179
const FIRST_PORT = 10000

/** The octets of a pcap file. Messages of more than 65,495 octets do not fit into a packet. */
export function pcapOf(messages: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(0x40000, 16)
  header.writeUInt32LE(RAW_IPV4, 20)
  return Buffer.concat([header, ...messages.map((octets, index) => record(octets, FIRST_PORT + index))])
}

function record(octets: Buffer, port: number): Buffer {
  const out = Buffer.alloc(16 + 40)
  out.writeUInt32LE(port, 0)
  out.writeUInt32LE(40 + octets.length, 8)
  out.writeUInt32LE(40 + octets.length, 12)
  const ip = out.subarray(16)
  ip[0] = 0x45
  ip.writeUInt16BE(40 + octets.length, 2)
  ip[8] = 64
  ip[9] = 6
  ip.set([192, 0, 2, 1, 192, 0, 2, 2], 12)
  const tcp = ip.subarray(20)
  tcp.writeUInt16BE(BGP_PORT, 0)
  tcp.writeUInt16BE(port, 2)
  tcp.writeUInt32BE(1, 4)
  tcp[12] = 5 << 4
  tcp[13] = 0x18
  tcp.writeUInt16BE(0xffff, 14)
  return Buffer.concat([out, octets])
}
