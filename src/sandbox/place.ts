/** Where in a file an error comes from, and what it says, in a line. */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import { TEXT_MOST } from './exchange.ts'

/** `TypeError: text (/etc/fednva/mark.ts:12)`; of an error without a line in `files` the text alone. `files`: paths, the module's own first. */
export function inWords(error: unknown, files: readonly string[]): string {
  const said = error instanceof Error ? `${error.name}: ${error.message.split('\n', 1)[0]}` : `threw ${String(error)}`
  const place = error instanceof Error ? (placeIn(error.stack ?? '', files) ?? placeOfSyntax(error, files)) : null
  return `${said.slice(0, TEXT_MOST)}${place === null ? '' : ` (${place})`}`
}

/** `path:line` of the first line of a stack that is in one of the files. */
function placeIn(stack: string, files: readonly string[]): string | null {
  for (const line of stack.split('\n')) {
    const found = /(file:\/\/\/[^\s()]+?|\/[^\s()]+?):(\d+)(?::\d+)?\)?$/.exec(line)
    if (found === null) continue
    const path = found[1]!.startsWith('file:') ? fileURLToPath(found[1]!.replace(/\?.*$/, '')) : found[1]!
    if (files.includes(path)) return `${path}:${found[2]}`
  }
  return null
}

/** Node keeps the line of a syntax error in JavaScript to itself; the parser that takes types out tells it. */
function placeOfSyntax(error: Error, files: readonly string[]): string | null {
  if (error.name !== 'SyntaxError') return null
  for (const path of files) {
    try {
      stripTypeScriptTypes(readFileSync(path, 'utf8'), { sourceUrl: path })
    } catch (also) {
      const line = also instanceof Error ? /:(\d+)\n/.exec(also.stack ?? '')?.[1] : undefined
      return line === undefined ? path : `${path}:${line}`
    }
  }
  return null
}
