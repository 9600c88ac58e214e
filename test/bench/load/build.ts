/** Compiles the load generator and the null relay into the temporary directory, once for each state of their source. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A C compiler that answers, or null. `CC` names one. */
function compiler(): string | null {
  for (const name of [process.env.CC, 'cc', 'gcc', 'clang']) {
    if (name === undefined) continue
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return name
    } catch {
      // The next one.
    }
  }
  return null
}

/** Path of the compiled program, or null where there is no C compiler. */
export function build(program: 'evpnload' | 'nullrelay'): string | null {
  const source = join(import.meta.dirname, `${program}.c`)
  const state = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const folder = join(tmpdir(), `fednva-bench-${process.getuid?.() ?? 0}`)
  const made = join(folder, `${program}-${state}`)
  if (existsSync(made)) return made
  const cc = compiler()
  if (cc === null) return null
  mkdirSync(folder, { recursive: true })
  execFileSync(cc, ['-O2', '-o', `${made}.new`, source, '-lm'], { stdio: ['ignore', 'inherit', 'inherit'] })
  renameSync(`${made}.new`, made)
  return made
}
