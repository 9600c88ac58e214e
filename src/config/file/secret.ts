/** Passwords that stand in files of their own. What they hold is never part of an error. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Parsed, parsed, unreadable } from '../../address/parsed.ts'
import { whyUnreadable } from './unreadable-file.ts'

/** What the schema lets stand under `password`. */
export type TypedPassword = string | { readonly file: string }

/** Reads one password; a line break at the end of its file does not belong to it. */
export type ReadSecret = (password: TypedPassword) => Parsed<string>

/** Each file is read once, so that the check and the settings see the same password. `folder`: where relative paths begin. */
export function secretsFrom(folder: string): ReadSecret {
  const seen = new Map<string, Parsed<string>>()
  return (password) => {
    if (typeof password === 'string') return parsed(password)
    const path = resolve(folder, password.file)
    const result = seen.get(path) ?? readSecret(path)
    seen.set(path, result)
    return result
  }
}

function readSecret(path: string): Parsed<string> {
  let secret: string
  try {
    secret = readFileSync(path, 'latin1').replace(/\r?\n$/, '')
  } catch (error) {
    return unreadable(whyUnreadable(path, error).found, 'a file that holds the password')
  }
  return /^[\x20-\x7e]{1,80}$/.test(secret)
    ? parsed(secret)
    : unreadable(`${path}, whose text is no password`, 'one line of 1 to 80 ASCII characters in it')
}
