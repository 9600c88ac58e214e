import { execFile } from 'node:child_process'
import { must, type Outcome, run } from './command.ts'
import type { Workplace } from './workplace.ts'

/** podman or docker, as root. */
export interface ContainerEngine {
  readonly name: 'podman' | 'docker'
  argv(...words: string[]): string[]
}

/** Docker when its daemon answers, else podman. */
export async function dockerAnswers(): Promise<boolean> {
  return (await run(['docker', 'info'], { timeoutSeconds: 15 })).code === 0
}

/** Hard limit of open files: containers may not ask for more where it cannot be raised. */
function fileLimit(): Promise<string> {
  return new Promise((resolve) => execFile('sh', ['-c', 'ulimit -Hn'], (_error, stdout) => resolve(stdout.trim())))
}

export async function containerEngine(workplace: Workplace): Promise<ContainerEngine> {
  if (await dockerAnswers()) return { name: 'docker', argv: (...words) => ['docker', ...words] }
  // runc takes every cgroup layout, crun does not; the limits are this machine's, else containers do not start where they cannot be raised
  const limit = await fileLimit()
  const limits = limit === 'unlimited' ? '' : `[containers]\ndefault_ulimits = ["nofile=${limit}:${limit}", "nproc=4096:4096"]\n`
  const file = workplace.file('containers.conf', `${limits}[engine]\nruntime = "runc"\n`)
  return { name: 'podman', argv: (...words) => ['env', `CONTAINERS_CONF=${file}`, 'podman', ...words] }
}

export const engineRun = (engine: ContainerEngine, ...words: string[]): Promise<Outcome> =>
  run(engine.argv(...words), { timeoutSeconds: 600, evenWhenClosing: true })

export const engineMust = (engine: ContainerEngine, ...words: string[]): Promise<string> =>
  must(engine.argv(...words), { timeoutSeconds: 900 })
