import { readdirSync, readFileSync } from 'node:fs'
import { dissect, explain } from '../lab/capture.ts'
import { must } from '../lab/command.ts'
import { fednva } from '../lab/nva-fednva.ts'
import { pcapOf } from '../lab/packets.ts'
import { expect } from '../lab/until.ts'
import { internalAttributes, MESSAGE, message, mpReach, routeTarget, update } from '../peer/octets.ts'
import type { Check } from './check.ts'

const FOLDER = new URL('../../test/vectors/', import.meta.url)
/** More octets than a packet has room for. */
const LONGEST = 65_000
/** tshark's number for the expert severity "Error". */
const SEVERITY_ERROR = 0x00800000

/** What tshark 4.0 objects to although it is right, and why. */
const KNOWN_LIMITS: Readonly<Record<string, string>> = {
  'attr-aspath-2octet': 'without the OPENs it takes the AS numbers for 4 octets wide',
  'own-fine-unknown-type-200': 'knows no EVPN route types above 10; RFC 7606 5.4 lets them pass',
  'own-fine-pmsi-unknown-type': 'knows no PMSI tunnel types above 7; RFC 7385 3 lets them pass',
  'own-fine-withdrawal-without-label': 'wants a label in a withdrawal, where it means nothing (RFC 7432 7.2)',
}

interface Vector {
  readonly id: string
  readonly kind: 'message' | 'evpn-nlri' | 'attribute' | 'ext-community' | 'capability'
  readonly verdict: string
  /** What tshark 4.0 says of the octets as they were found; absent for our own vectors of things that are well. */
  readonly tshark?: string
}

/** The vector's octets in a message of their own. */
function inMessage({ kind }: Vector, octets: Buffer): Buffer {
  const target = routeTarget(65001, 100)
  if (kind === 'evpn-nlri') return update([...internalAttributes(target), mpReach('192.0.2.1', octets)])
  if (kind === 'ext-community') return update(internalAttributes(octets))
  if (kind === 'attribute') return message(MESSAGE.update, Buffer.concat([Buffer.from([0, 0, octets.length >> 8, octets.length]), octets]))
  if (kind === 'capability') {
    const head = Buffer.from([4, 0xfd, 0xe9, 0, 90, 192, 0, 2, 1, octets.length + 2, 2, octets.length])
    return message(MESSAGE.open, Buffer.concat([head, octets]))
  }
  return octets
}

export const vectors: readonly Check[] = [
  {
    name: 'dissection: tshark reads every vector as we write it without a malformed field',
    only: 'fednva',
    async run(lab) {
      const lines = readdirSync(FOLDER)
        .filter((name) => name.endsWith('.jsonl'))
        .flatMap((name) => readFileSync(new URL(name, FOLDER), 'utf8').trim().split('\n'))
      const all = new Map(lines.map((line) => JSON.parse(line) as Vector).map((vector) => [vector.id, vector]))
      const answers = await must(fednva('decode', '--jsonl', '-'), { input: `${lines.join('\n')}\n`, timeoutSeconds: 60 })
      const written = answers
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { id: string; encoded: string | null })
        .flatMap(({ id, encoded }) => {
          const vector = all.get(id)!
          const wanted =
            vector.verdict === 'ok' &&
            !(id in KNOWN_LIMITS) &&
            (vector.tshark ?? 'ok') === 'ok' &&
            encoded !== null &&
            encoded.length / 2 < LONGEST
          return wanted ? [{ id, octets: inMessage(vector, Buffer.from(encoded, 'hex')) }] : []
        })
      expect(written.length > 280, `only ${written.length} vectors were written`)
      const file = lab.workplace.file('vectors.pcap', pcapOf(written.map(({ octets }) => octets)))
      const seen = await dissect(file, 'bgp', ['frame.number'])
      expect(seen.length === written.length, `tshark sees BGP in ${seen.length} of ${written.length} packets`)
      const bad = await dissect(file, `_ws.malformed || _ws.expert.severity == ${SEVERITY_ERROR}`, ['frame.number', '_ws.expert.message'])
      const named = bad.map(([frame, why]) => `${written[Number(frame) - 1]?.id}: ${why}`)
      expect(
        bad.length === 0,
        `tshark objects to ${bad.length} of ${written.length} vectors`,
        bad.length === 0 ? '' : `${named.join('\n')}\n${(await explain(file, bad[0]![0]!)).slice(0, 1500)}`,
      )
    },
  },
]
