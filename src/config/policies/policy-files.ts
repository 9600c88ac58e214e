/** Files that policies name: lists of addresses and the like, one entry a line. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Environment, Trouble } from '../../policy/modules/module.ts'
import { whyUnreadable } from '../file/unreadable-file.ts'

type Lines = ReturnType<Environment['lines']>

/** Reads each file once, so that all policies of one configuration see the same. `folder`: where relative paths begin. */
export class PolicyFiles {
  private readonly folder: string
  private readonly read = new Map<string, { readonly lines: Lines; readonly digest: string }>()

  constructor(folder: string) {
    this.folder = folder
  }

  /** Comments (`#` to the end of the line) and blank lines are left out; lines are numbered from 1 all the same. */
  lines(typed: string): Lines {
    return this.file(typed).lines
  }

  /** Tells one content of the file from another; why it cannot be read is a content too. */
  digest(typed: string): string {
    return this.file(typed).digest
  }

  private file(typed: string): { readonly lines: Lines; readonly digest: string } {
    const path = resolve(this.folder, typed)
    const known = this.read.get(path)
    if (known !== undefined) return known
    const file = readLines(path)
    this.read.set(path, file)
    return file
  }
}

function readLines(path: string): { lines: Lines; digest: string } {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code, found } = whyUnreadable(path, error)
    const trouble: Trouble = { found, expected: 'a file with one entry a line' }
    return { lines: trouble, digest: code }
  }
  const lines = text.split('\n').flatMap((line, i) => {
    const entry = line.replace(/#.*$/, '').trim()
    return entry === '' ? [] : [{ number: i + 1, text: entry }]
  })
  return { lines, digest: createHash('sha256').update(text).digest('hex') }
}
