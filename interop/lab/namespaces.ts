/**
 * Network namespaces of one run. Their names start with `fnva<pid>-`, so that two runs do not meet and a later run can tell whose pid is gone
 * and remove what a killed run left behind.
 */
import { must, run } from './command.ts'

const PREFIX = `fnva${process.pid}-`
const ANY_RUN = /^fnva(\d+)-/

/** Full name of a namespace of this run. */
export const fullName = (namespace: string): string => PREFIX + namespace

/** argv of a command inside a namespace of this run; the process keeps its pid (`ip` executes it in its own place). */
export const inside = (namespace: string, ...argv: string[]): string[] => ['ip', 'netns', 'exec', fullName(namespace), ...argv]

/** Runs a shell script inside a namespace; any failing line fails it. */
export const script = (namespace: string, text: string): Promise<string> => must(inside(namespace, 'sh', '-eu'), { input: text })

export async function addNamespace(namespace: string): Promise<void> {
  await must(['ip', 'netns', 'add', fullName(namespace)])
  await script(
    namespace,
    `ip link set lo up
sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_ra=0`,
  )
}

/** A cable between two namespaces. */
export async function addLink(one: string, oneDevice: string, other: string, otherDevice: string, mtu: number): Promise<void> {
  const from = fullName(one)
  await must([
    'ip',
    '-n',
    from,
    'link',
    'add',
    oneDevice,
    'mtu',
    `${mtu}`,
    'type',
    'veth',
    'peer',
    'name',
    otherDevice,
    'mtu',
    `${mtu}`,
    'netns',
    fullName(other),
  ])
}

async function listed(): Promise<string[]> {
  const { stdout } = await run(['ip', 'netns', 'list'], { evenWhenClosing: true })
  return stdout.split('\n').flatMap((line) => line.split(' ')[0] || [])
}

/** Whether a process of that id runs. */
export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function remove(name: string): Promise<void> {
  const { stdout } = await run(['ip', 'netns', 'pids', name], { evenWhenClosing: true })
  for (const pid of stdout.split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // ended by itself meanwhile
    }
  }
  await run(['ip', 'netns', 'delete', name], { evenWhenClosing: true })
}

/** Removes one namespace of this run and every process in it. */
export const removeNamespace = (namespace: string): Promise<void> => remove(fullName(namespace))

/** Removes every namespace of this run and every process in them. */
export async function removeNamespaces(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const mine = (await listed()).filter((name) => name.startsWith(PREFIX))
    if (mine.length === 0) return
    for (const name of mine) await remove(name)
  }
}

/** Removes what runs left behind whose process is gone (kill -9, power). */
export async function removeLeftovers(): Promise<void> {
  for (const name of await listed()) {
    const pid = ANY_RUN.exec(name)?.[1]
    if (pid !== undefined && !alive(Number(pid))) await remove(name)
  }
}
