/** How text goes out. Colour only to a terminal that wants it: `styleText` heeds NO_COLOR and pipes. */
import { once } from 'node:events'
import { styleText } from 'node:util'

export type Colour = 'green' | 'yellow' | 'red' | 'dim' | 'bold'

/** A line of result. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Waits for a slow reader, so that what it has not read yet does not pile up here. */
export async function written(): Promise<void> {
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
}

/** A line of what went wrong. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** For text that goes to standard output. */
export function coloured(colour: Colour, text: string): string {
  return styleText(colour, text, { stream: process.stdout })
}

/** A reader that has seen enough (`| head`) is no fault. */
export function endQuietlyWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}
