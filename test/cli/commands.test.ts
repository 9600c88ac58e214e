import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commandsPage } from './commands-page.ts'

const PAGE = new URL('../../docs/commands.md', import.meta.url)

test('docs/commands.md names every command, and every argument and option of it', () => {
  if (process.env.UPDATE_PAGES !== undefined) writeFileSync(PAGE, commandsPage())
  expect(readFileSync(PAGE, 'utf8')).toBe(commandsPage())
})
