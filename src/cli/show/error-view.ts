/** `fednva show errors` for people: what was wrong, then the message field by field. */
import type { ErrorRow, ErrorsAnswer } from '../../api/schema/errors.ts'
import { decode } from '../../decode/decoded.ts'
import { formatDecoded } from '../../decode/text.ts'
import { coloured } from '../terminal.ts'

export function formatErrors({ errors, forgotten }: ErrorsAnswer): string {
  if (errors.length === 0) return 'nothing was wrong'
  const before = forgotten === 0 ? [] : [`${forgotten} older ones are no longer kept`]
  return [...before, ...errors.map(formatError)].join('\n')
}

function formatError(row: ErrorRow): string {
  const { notification } = row
  const reach = notification === null ? row.reach : `${row.reach} with NOTIFICATION ${notification.code}/${notification.subcode}`
  const where = row.peer === row.address ? row.peer : `${row.peer} (${row.address})`
  const head = `${row.time} ${coloured('bold', where)} ${coloured(row.reach === 'ignored' ? 'yellow' : 'red', reach)}: ${row.why}`
  if (row.hex === '') return head
  const found = {
    number: row.number,
    octets: Uint8Array.from(Buffer.from(row.hex, 'hex')),
    cut: false,
    streamOffset: 0,
    context: { fourOctetAs: row.fourOctetAs, internal: row.internal, addPath: [], extendedMessage: true },
    packet: null,
  }
  return `${head}\n${formatDecoded(found, decode(found)).trimEnd()}\n`
}
