import Table from 'cli-table3'
import stringWidth from 'string-width'
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
/** Rows that are written together. */
const TOGETHER = 1000
/** Rows that are laid out together: what each takes grows with their number. */
const LAID_OUT = 100
/** Nothing but what takes one column each. */
const PLAIN = /^[\x20-\x7e]*$/

/**
 * Rows as text, a line each, columns two spaces apart, with a line of heads unless `bare`; control characters that a peer may have sent are shown as dots. `widths`: what
 * columns have at least; becomes what they have.
 */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], bare = false, widths: number[] = []): string {
  const lines = rows.map((row) => columns.map(({ cell }) => harmless(String(cell(row)))))
  if (!bare) lines.unshift(columns.map(({ head }) => coloured('bold', head)))
  for (const cells of lines) for (const [i, cell] of cells.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))
  const texts: string[] = []
  for (let from = 0; from < lines.length; from += LAID_OUT) {
    const table = new Table({
      chars: BARE,
      colAligns: columns.map((column) => (column.right ? 'right' : 'left')),
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    })
    // A row of blanks holds the columns open. Widths handed to the package would be limits, and what is wider than its length (Chinese) would be cut off.
    table.push(
      widths.map((width) => ' '.repeat(width)),
      ...lines.slice(from, from + LAID_OUT),
    )
    for (const line of table.toString().split('\n').slice(1)) texts.push(line.trimEnd())
  }
  return texts.join('\n')
}

/** Columns of a terminal that a text takes, as the package that lays tables out measures them: wide characters take two, escape sequences none. */
function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text)
}

/**
 * A table whose rows come in pieces of any size. A thousand rows are written at once, and columns are never narrower than before: pieces line up, and a million rows
 * need no more memory than a thousand.
 */
export class LongTable<Row> {
  private readonly columns: readonly Column<Row>[]
  private readonly write: (text: string) => void
  private readonly widths: number[] = []
  private waiting: Row[] = []
  private begun = false

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
    if (this.waiting.length === 0) return
    this.write(formatTable(this.columns, this.waiting, this.begun, this.widths))
    this.begun = true
    this.waiting = []
  }
}

/** The escape sequences of our own colours are kept, every other control character is not. */
export function harmless(text: string): string {
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
