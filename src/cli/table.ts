import Table from 'cli-table3'
import { coloured } from './terminal.ts'

export interface Column<Row> {
  readonly head: string
  /** Numbers stand to the right. */
  readonly right?: boolean
  readonly cell: (row: Row) => string | number
}

/** No lines: columns two spaces apart. */
const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** Rows as text, a line each, with a line of heads unless `bare`; control characters that a peer may have sent are shown as dots. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], bare = false): string {
  const table = new Table({
    chars: BARE,
    colAligns: columns.map((column) => (column.right ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    ...(bare ? {} : { head: columns.map((column) => coloured('bold', column.head)) }),
  })
  for (const row of rows) table.push(columns.map(({ cell }) => harmless(String(cell(row)))))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Rows that are written together. */
const TOGETHER = 1000
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of our own colours
const COLOUR = /\x1b\[\d{1,2}m/g

/**
 * A table whose rows come in pieces of any size. A thousand rows are written at once, and columns are never narrower than before: pieces line up, and a million rows
 * need no more memory than a thousand.
 */
export class LongTable<Row> {
  private readonly columns: readonly Column<Row>[]
  private readonly write: (text: string) => void
  private waiting: Row[] = []
  private widths: number[] | null = null

  constructor(columns: readonly Column<Row>[], write: (text: string) => void) {
    this.columns = columns
    this.write = write
  }

  add(rows: readonly Row[]): void {
    this.waiting.push(...rows)
    if (this.waiting.length >= TOGETHER) this.end()
  }

  /** Writes what waits. */
  end(): void {
    const { columns, waiting, widths } = this
    if (waiting.length === 0) return
    const now = columns.map((column, i) => {
      const least = widths?.[i] ?? column.head.length
      return waiting.reduce((widest, row) => Math.max(widest, String(column.cell(row)).replaceAll(COLOUR, '').length), least)
    })
    // A row of blanks as wide as each column has been holds them open.
    const blank = columns.map((column, i): Column<Row | null> => {
      const { head, cell } = column
      return { ...column, head, cell: (row) => (row === null ? ' '.repeat(now[i] ?? 0) : cell(row)) }
    })
    const lines = formatTable<Row | null>(blank, [null, ...waiting], widths !== null).split('\n')
    lines.splice(widths === null ? 1 : 0, 1)
    this.write(lines.join('\n'))
    this.widths = now
    this.waiting = []
  }
}

/** The escape sequences of our own colours are kept, every other control character is not. */
function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  return text.replaceAll(/\x1b\[\d{1,2}m|[\x00-\x1f\x7f-\x9f]/g, (match) => (match.length > 1 ? match : '.'))
}

/** `12s`, `5m07s`, `3h20m`, `2d04h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds)
  const two = (value: number): string => String(value).padStart(2, '0')
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`
  if (whole < 86400) return `${Math.floor(whole / 3600)}h${two(Math.floor(whole / 60) % 60)}m`
  return `${Math.floor(whole / 86400)}d${two(Math.floor(whole / 3600) % 24)}h`
}
