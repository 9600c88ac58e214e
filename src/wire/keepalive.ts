/** The KEEPALIVE message, RFC 4271 §4.4: a header and nothing else. */
import { HEADER_LENGTH, MessageType, writeHeader } from './framing.ts'

/** Writes the whole message, header included; returns the offset behind. */
export function writeKeepalive(out: Uint8Array, at: number): number {
  return writeHeader(out, at, HEADER_LENGTH, MessageType.keepalive)
}
