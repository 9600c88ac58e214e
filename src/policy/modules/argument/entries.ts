/** Lists that may stand in files: `"02:53:*"`, `{ file: storage-macs.txt }`, or a list of both. A file has one entry a line. */
import { z } from 'zod'
import type { Parsed } from '../../../address/parsed.ts'
import type { Environment, Trouble } from '../module.ts'
import { anyOf, isTrouble, listOf, type OneOrMore, text, trouble } from './fields.ts'

export interface FileOfEntries {
  readonly file: string
}

export type Entries = OneOrMore<string | FileOfEntries>

const PATH = 'the path of a file with one entry a line, from the folder of this file'

export function entries(what: string, parse: (typed: string) => Parsed<unknown>): z.ZodType<Entries> {
  const file = z.strictObject({ file: z.string(PATH).min(1, PATH).meta({ description: PATH }) }, PATH)
  return anyOf(z.union([text(what, parse), file], `${what}, or { file: path }`), `${what}, or { file: path }`)
}

/** Hands every entry to `take`. What is wrong in a file is told with its line. */
export function takeEntries<T>(
  argument: Entries,
  environment: Environment,
  parse: (typed: string) => Parsed<T>,
  take: (entry: T) => void,
): Trouble | null {
  for (const one of listOf(argument)) {
    const lines = typeof one === 'string' ? [{ number: 0, text: one }] : environment.lines(one.file)
    if (isTrouble(lines)) return lines
    for (const line of lines) {
      const entry = parse(line.text)
      if (entry.ok) take(entry.value)
      else
        return trouble(typeof one === 'string' ? entry.found : `${one.file}:${line.number}: ${JSON.stringify(line.text)}`, entry.expected)
    }
  }
  return null
}
