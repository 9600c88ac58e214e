import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The directory of one run: configurations, sockets, logs, captures. */
export interface Workplace {
  readonly path: string
  /** A directory below; anybody may read it, `owner` (a user name's ids) may write to it. */
  directory(name: string): string
  file(name: string, text: string): string
  remove(): void
}

export function makeWorkplace(): Workplace {
  const path = mkdtempSync(join(tmpdir(), `fednva-interop-${process.pid}-`), { encoding: 'utf8' })
  chmodSync(path, 0o755) // FRR's own user passes through here
  const directory = (name: string) => {
    const made = join(path, name)
    mkdirSync(made, { recursive: true })
    return made
  }
  return {
    path,
    directory,
    file(name, text) {
      const made = join(path, name)
      writeFileSync(made, text)
      return made
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
