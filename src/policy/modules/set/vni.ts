import { z } from 'zod'
import { known, type Parsed, parsed, unreadable } from '../../../address/parsed.ts'
import { VNI_MAX } from '../../../address/vni.ts'
import { AttributeCode } from '../../../wire/attribute/attribute.ts'
import { parseRange } from '../argument/range.ts'
import type { SetModule } from '../module.ts'

type VniArgument = Readonly<Record<string, number | string>>

/** Entries that ranges may come to. */
const MOST = 65536
const FROM = 'a VNI from 1 to 16777215, or a range such as "10000-10999"'
const TO = 'a VNI from 1 to 16777215; behind a range, the first of as many'

interface Piece {
  readonly from: number
  readonly to: number
  readonly become: number
}

function parsePiece(from: string, to: number | string): Parsed<Piece> {
  const found = parseRange(from, FROM, 1, VNI_MAX)
  const become = parseRange(String(to), TO, 1, VNI_MAX)
  if (!found.ok) return found
  if (!become.ok || become.value.from !== become.value.to) return unreadable(String(to), TO)
  const last = become.value.from + found.value.to - found.value.from
  return last > VNI_MAX ? unreadable(String(to), `${TO}; the last would be ${last}`) : parsed({ ...found.value, become: become.value.from })
}

export const vni: SetModule<VniArgument> = {
  name: 'vni',
  looksAt: 'attributes',
  touches: [AttributeCode.extCommunities, AttributeCode.pmsiTunnel],
  summary:
    'VNIs in the labels of the route and of its PMSI tunnel: what is found, and what is written. VNIs that are not named stay. Next hop and route targets are not changed by it.',
  examples: [
    { typed: { 10100: 20100 }, means: '10100 becomes 20100' },
    {
      typed: { '10000-10999': 20000, 50001: 70007 },
      means: '10000 becomes 20000, 10001 becomes 20001, and so on; and 50001 becomes 70007',
    },
  ],
  schema: z
    .record(
      // Keys are looked at below: what is wrong with one must not be taken for a policy in another form.
      z.string(),
      z.int(TO).min(1, TO).max(VNI_MAX, TO).meta({ description: TO }),
      'VNIs, and what becomes of each: { 10100: 20100 }',
    )
    .superRefine((typed, context) => {
      let total = 0
      for (const [from, to] of Object.entries(typed)) {
        const piece = parsePiece(from, to)
        if (!piece.ok) context.addIssue({ code: 'custom', path: [from], message: piece.expected })
        else total += piece.value.to - piece.value.from + 1
      }
      if (total === 0 || total > MOST) context.addIssue({ code: 'custom', message: `1 to ${MOST} VNIs in all` })
    }),
  compile(argument) {
    const map = new Map<number, number>()
    for (const [typed, to] of Object.entries(argument)) {
      const piece = known(parsePiece(typed, to))
      for (let found = piece.from; found <= piece.to; found++) map.set(found, piece.become + found - piece.from)
    }
    return (draft) => draft.mapVnis(map)
  },
}
