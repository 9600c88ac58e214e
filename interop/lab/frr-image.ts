/**
 * The image that FRR runs in, built from interop/Containerfile. Its tag is a hash of what it is made of, so that a second run finds it.
 * Where the base image cannot be pulled, a Debian made by debootstrap from apt's own mirror takes its place.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { must, run } from './command.ts'
import { type ContainerEngine, engineMust, engineRun } from './container-engine.ts'
import type { Workplace } from './workplace.ts'

const CONTAINERFILE = fileURLToPath(new URL('../Containerfile', import.meta.url))
const IMAGE = 'localhost/fednva-interop-frr'
const OWN_BASE = 'localhost/fednva-interop-debian:bookworm'
const RELEASE = 'bookworm'
const PULLED_BASE = `docker.io/library/debian:${RELEASE}`
const DEBIAN = 'http://deb.debian.org/debian'

const tagOf = (base: string): string => {
  const hash = createHash('sha256').update(readFileSync(CONTAINERFILE)).update(base).digest('hex')
  return `${IMAGE}:${hash.slice(0, 16)}`
}

const exists = async (engine: ContainerEngine, image: string): Promise<boolean> =>
  (await engineRun(engine, 'image', 'inspect', image)).code === 0

async function build(engine: ContainerEngine, base: string, workplace: Workplace): Promise<string> {
  const tag = tagOf(base)
  if (await exists(engine, tag)) return tag
  const here = workplace.directory('image')
  const network = ['--network=host', ...(engine.name === 'podman' && base === OWN_BASE ? ['--pull=never'] : [])]
  await engineMust(engine, 'build', ...network, '--build-arg', `BASE=${base}`, '-t', tag, '-f', CONTAINERFILE, here)
  return tag
}

/** The mirror that this machine's apt takes the release from, or Debian's. */
async function mirror(): Promise<string> {
  const targets = ['apt-get', 'indextargets', '--format', '$(CODENAME) $(COMPONENT) $(REPO_URI)', 'Created-By: Packages']
  const { stdout } = await run(targets)
  const found = stdout.split('\n').flatMap((line) => {
    const [codename, component, uri] = line.split(' ')
    return codename === RELEASE && component === 'main' && uri !== undefined ? [uri] : []
  })
  return found[0] ?? DEBIAN
}

async function makeOwnBase(engine: ContainerEngine, workplace: Workplace): Promise<void> {
  if (await exists(engine, OWN_BASE)) return
  const directory = workplace.directory('debootstrap')
  const root = join(directory, 'root')
  const archive = join(directory, 'root.tar')
  await must(['debootstrap', '--variant=minbase', RELEASE, root, await mirror()], { timeoutSeconds: 900 })
  await must(['tar', '-C', root, '-cf', archive, '.'], { timeoutSeconds: 300 })
  await engineMust(engine, 'import', archive, OWN_BASE)
  await must(['rm', '-rf', directory], { timeoutSeconds: 120 })
}

/** Gives the name of the image. `base` is tried when given; else what can be had, in order: an image of an earlier run, a pull, debootstrap. */
export async function frrImage(engine: ContainerEngine, workplace: Workplace, base: string | undefined): Promise<string> {
  if (base !== undefined) return build(engine, base, workplace)
  for (const candidate of [PULLED_BASE, OWN_BASE]) if (await exists(engine, tagOf(candidate))) return tagOf(candidate)
  if ((await engineRun(engine, 'pull', '-q', PULLED_BASE)).code === 0) return build(engine, PULLED_BASE, workplace)
  await makeOwnBase(engine, workplace)
  return build(engine, OWN_BASE, workplace)
}
