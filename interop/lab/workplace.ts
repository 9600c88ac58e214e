import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'fednva-interop-'

/** The directory of one run: configurations, sockets, logs, captures. */
export interface Workplace {
  readonly path: string
  /** A directory below. */
  directory(name: string): string
  file(name: string, content: string | Uint8Array): string
  remove(): void
}

export function makeWorkplace(): Workplace {
  const path = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`), { encoding: 'utf8' })
  chmodSync(path, 0o755) // FRR's own user passes through here
  const directory = (name: string) => {
    const made = join(path, name)
    mkdirSync(made, { recursive: true })
    return made
  }
  return {
    path,
    directory,
    file(name, content) {
      const made = join(path, name)
      writeFileSync(made, content)
      return made
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Removes the directories of runs whose process is gone. */
export function removeOldWorkplaces(alive: (pid: number) => boolean): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN
    if (!Number.isNaN(pid) && !alive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}
