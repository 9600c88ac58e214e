import { readFileSync } from 'node:fs'
import { Capture, type CaptureSettings } from '../../src/decode/capture/capture.ts'
import { type Decoded, decode, type Found } from '../../src/decode/decoded.ts'
import type { Field } from '../../src/decode/dissect/field.ts'
import type { FoundTaker, Input } from '../../src/decode/found-taker.ts'

export interface Everything {
  readonly messages: (Found & { readonly decoded: Decoded })[]
  readonly complaints: string[]
}

/** Keeps all that an input tells. */
export function keeper(): Everything & FoundTaker {
  const messages: (Found & { decoded: Decoded })[] = []
  const complaints: string[] = []
  return {
    messages,
    complaints,
    message: (found) => messages.push({ ...found, octets: new Uint8Array(found.octets), decoded: decode(found) }),
    complaint: (why) => complaints.push(why),
  }
}

/** Feeds octets in pieces of a size. */
export function feed(input: Input, octets: Uint8Array, size = octets.length): void {
  for (let at = 0; at < octets.length; at += size) input.push(octets.subarray(at, at + size))
  input.end()
}

/** All that is in a capture. */
export function readCapture(octets: Uint8Array, settings: Partial<CaptureSettings> = {}, size = octets.length): Everything {
  const kept = keeper()
  feed(new Capture({ port: 179, ...settings }, kept), octets, size)
  return kept
}

export function captureOctets(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../captures/${name}`, import.meta.url)))
}

/** The fields that have no parts. */
export function leaves(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => (field.fields === undefined ? [field] : leaves(field.fields)))
}
