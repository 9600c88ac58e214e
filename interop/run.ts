import { parseArgs } from 'node:util'
import { badBytes } from './checks/bad-bytes.ts'
import type { Check } from './checks/check.ts'
import { differential } from './checks/differential.ts'
import { dissection } from './checks/dissection.ts'
import { gateways } from './checks/gateways.ts'
import { interVn } from './checks/inter-vn.ts'
import { limits } from './checks/limits.ts'
import { mobility } from './checks/mobility.ts'
import { nvaLoss } from './checks/nva-loss.ts'
import { octets } from './checks/octets.ts'
import { opaque } from './checks/opaque.ts'
import { policyExamples } from './checks/policy-examples.ts'
import { reflection } from './checks/reflection.ts'
import { refusals } from './checks/refusals.ts'
import { regionChecks } from './checks/region.ts'
import { segments } from './checks/segments.ts'
import { sessions } from './checks/sessions.ts'
import { shutdown } from './checks/shutdown.ts'
import { ties } from './checks/ties.ts'
import { toldLimits } from './checks/told-limits.ts'
import { traffic } from './checks/traffic.ts'
import { vectors } from './checks/vectors.ts'
import { killChildren, refuseNewCommands } from './lab/command.ts'
import { containerEngine, dockerAnswers } from './lab/container-engine.ts'
import { type FrrRunner, hostFrr } from './lab/frr.ts'
import { type ContainerRunner, containerRunner } from './lab/frr-container.ts'
import { frrImage } from './lab/frr-image.ts'
import { buildLab, type Lab } from './lab/lab.ts'
import { alive, removeLeftovers, removeNamespaces } from './lab/namespaces.ts'
import type { NvaKind } from './lab/nva.ts'
import { install } from './lab/packages.ts'
import { Unmet } from './lab/until.ts'
import { makeWorkplace, removeOldWorkplaces, type Workplace } from './lab/workplace.ts'

const USAGE = `npm run interop -- [options]       (root)
  --only PATTERN   only the checks whose name matches this regular expression
  --containers     the FRRs run in containers on the same links
  --base IMAGE     with --containers: base of that image in place of debian:bookworm
  --nva frr        FRR's bgpd as reflector in place of fednva: proves the lab itself
  --keep           leave the lab up at the end, until Ctrl-C
  --list           print the names of the checks`

const ALL: readonly Check[] = [
  ...sessions,
  ...reflection,
  ...traffic,
  ...gateways,
  ...segments,
  ...interVn,
  ...mobility,
  ...ties,
  ...nvaLoss,
  ...octets,
  ...opaque,
  ...differential,
  ...policyExamples,
  ...badBytes,
  ...shutdown,
  ...refusals,
  ...dissection,
  ...vectors,
  ...regionChecks,
  ...limits,
  ...toldLimits,
]

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    containers: { type: 'boolean', default: false },
    base: { type: 'string' },
    nva: { type: 'string', default: 'fednva' },
    keep: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

let workplace: Workplace | undefined

let containers: ContainerRunner | undefined
async function inContainers(place: Workplace): Promise<FrrRunner> {
  const engine = await containerEngine(place)
  const since = performance.now()
  const image = await frrImage(engine, place, options.base)
  console.log(`     ${engine.name}, image ${image} (${((performance.now() - since) / 1000).toFixed(1)} s)`)
  containers = containerRunner(engine, image)
  return containers
}

let cleaning: Promise<void> | undefined
async function clean(): Promise<void> {
  refuseNewCommands()
  killChildren()
  await containers?.remove()
  await removeNamespaces()
  workplace?.remove()
}
const cleanOnce = (): Promise<void> => {
  cleaning ??= clean()
  return cleaning
}

const indent = (text: string): string => text.replace(/^/gm, '       ')

function report(error: unknown): string {
  if (!(error instanceof Unmet)) return indent(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return error.evidence === '' ? '' : indent(error.evidence.slice(0, 4000))
}

async function judge(check: Check, lab: Lab): Promise<boolean> {
  const since = performance.now()
  try {
    await lab.revive()
    await check.run(lab)
    console.log(`ok   ${check.name} (${((performance.now() - since) / 1000).toFixed(1)} s)`)
    return true
  } catch (error) {
    if (cleaning !== undefined) return false
    console.log(`FAIL ${check.name}: ${error instanceof Error ? error.message : String(error)}`)
    const evidence = report(error)
    if (evidence !== '') console.log(evidence)
    return false
  }
}

function cleanOnSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => void cleanOnce().then(() => process.exit(code)))
  }
  process.on('uncaughtException', (error) => {
    console.error(error)
    void cleanOnce().then(() => process.exit(1))
  })
}

async function main(): Promise<number> {
  if (options.help) {
    console.log(USAGE)
    return 0
  }
  const kind: NvaKind = options.nva === 'frr' ? 'frr' : 'fednva'
  const wanted = ALL.filter((check) => check.only === undefined || check.only === kind).filter(
    (check) => options.only === undefined || new RegExp(options.only, 'i').test(check.name),
  )
  if (options.list) {
    for (const check of wanted) console.log(check.name)
    return 0
  }
  if (process.getuid?.() !== 0) {
    console.error('The interop lab makes network namespaces: run it as root.')
    return 2
  }
  cleanOnSignals()
  await removeLeftovers()
  removeOldWorkplaces(alive)
  const installed = await install(!options.containers || kind === 'frr', options.containers && !(await dockerAnswers()))
  if (installed.length > 0) console.log(`installed ${installed.join(' ')}`)
  workplace = makeWorkplace()
  const runner = options.containers ? await inContainers(workplace) : hostFrr
  const since = performance.now()
  const lab = await buildLab(kind, runner, workplace)
  console.log(
    `lab  ${await runner.version()}${options.containers ? ' in containers' : ''}, NVA ${kind}, built in ${((performance.now() - since) / 1000).toFixed(1)} s`,
  )
  let passed = 0
  for (const check of wanted) if (await judge(check, lab)) passed++
  if (options.keep) {
    console.log(`kept: ip netns list | grep fnva${process.pid}-; files in ${workplace.path}; Ctrl-C ends it`)
    await new Promise(() => setInterval(() => {}, 1 << 30))
  }
  await cleanOnce()
  console.log(`${passed} passed, ${wanted.length - passed} failed`)
  return passed === wanted.length && passed > 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  await cleanOnce()
  console.error(`The lab could not be built: ${error instanceof Error ? error.message : String(error)}`)
  const evidence = report(error)
  if (evidence !== '') console.error(evidence)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
}
