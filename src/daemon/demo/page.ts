/** What the demo writes: steps, facts and verdicts as plain text; colour only at a terminal that wants it (no-color.org). */

const COLOURS = { good: 32, bad: 31, dim: 2, strong: 1 } as const

export type Colour = keyof typeof COLOURS

export class Page {
  private readonly out: NodeJS.WriteStream
  private readonly coloured: boolean
  private steps = 0

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.out = out
    this.coloured = out.isTTY === true && !process.env.NO_COLOR
  }

  line(text = ''): void {
    this.out.write(`${text}\n`)
  }

  /** A heading with its number. */
  step(title: string): void {
    this.line()
    this.line(this.paint('strong', `${++this.steps}. ${title}`))
  }

  /** Something that was done or seen, and how long it took. */
  fact(text: string, milliseconds?: number): void {
    this.line(`   ${text}${milliseconds === undefined ? '' : this.paint('dim', `  (${Math.round(milliseconds)} ms)`)}`)
  }

  verdict(good: boolean, claim: string): void {
    this.line(`   ${good ? this.paint('good', 'PASS') : this.paint('bad', 'FAIL')}  ${claim}`)
  }

  /** Columns as wide as they must be. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)))
    const format = (cells: readonly string[]): string =>
      cells
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd()
    this.line(`   ${this.paint('dim', format(head))}`)
    for (const row of rows) this.line(`   ${format(row)}`)
  }

  paint(colour: Colour, text: string): string {
    return this.coloured ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text
  }
}
