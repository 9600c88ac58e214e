import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { type Outcome, run } from '../lab/command.ts'
import type { Lab } from '../lab/lab.ts'
import { inside } from '../lab/namespaces.ts'
import { fednva } from '../lab/nva-fednva.ts'
import { BGP_PORT, DOMAINS, PROBES } from '../lab/plan.ts'
import { expect } from '../lab/until.ts'
import type { Workplace } from '../lab/workplace.ts'
import type { Check } from './check.ts'
import { undisturbed } from './undisturbed.ts'

const NOBODY = '65534'

interface Wrong {
  readonly name: string
  /** Replaces a line of the right configuration. */
  readonly replace: readonly [from: string, to: string]
  /** What the one error has to name. */
  readonly says: RegExp
}

/** A right configuration, into which one mistake at a time is made. */
const right = (address: string, socket: string): string => `nva:
  name: refused
  domain: a
  asn: 65001
  routerId: 10.1.0.44
  listen: ["${address}:${BGP_PORT}"]
  api: { socket: ${socket} }
vns:
  one: { vni: 100 }
  two: { vni: 200, routeTargets: { import: ["65001:200"], export: ["65001:200"] } }
peerGroups:
  leaves: { role: nve, asn: 65001, routeReflectorClient: true }
peers:
  leaf1: { address: 10.1.0.61, group: leaves }
  leaf2: { address: 10.1.0.62, group: leaves }
federation:
  domains:
    b: { asn: 65002, peers: [10.255.1.2], share: { one: { vni: 100 } } }
`

const WRONG: readonly Wrong[] = [
  { name: 'an unknown key', replace: ['  name: refused', '  name: refused\n  colour: blue'], says: /colour/ },
  { name: 'a VNI twice', replace: ['two: { vni: 200,', 'two: { vni: 100,'], says: /vni|VNI/ },
  { name: 'a bad route target', replace: ['import: ["65001:200"]', 'import: ["65001;200"]'], says: /65001;200/ },
  { name: 'a peer twice', replace: ['address: 10.1.0.62', 'address: 10.1.0.61'], says: /10\.1\.0\.61/ },
  { name: 'a shared VN that does not exist', replace: ['share: { one:', 'share: { three:'], says: /three/ },
]

/** One clear error: code not 0, on stderr, short, no stack trace; and it says what it is about. */
function refused(outcome: Outcome, says: RegExp): void {
  const said = `exit code ${outcome.code}\nstdout: ${outcome.stdout}\nstderr: ${outcome.stderr}`
  expect(outcome.code !== 0 && outcome.code !== 124, outcome.code === 0 ? 'it was accepted' : 'it went on running', said)
  expect(!/^\s+at .*(:\d+|\))$/m.test(outcome.stderr + outcome.stdout), 'a stack trace', said)
  const lines = outcome.stderr.split('\n').filter((line) => line.trim() !== '')
  expect(lines.length >= 1 && lines.length <= 4, `${lines.length} lines of error`, said)
  expect(says.test(outcome.stderr), `the error does not say ${says}`, said)
}

const REFUSED_DIRECTORY = 'refused'
const fileWith = (workplace: Workplace, name: string, text: string): string => {
  workplace.directory(REFUSED_DIRECTORY)
  return workplace.file(`${REFUSED_DIRECTORY}/${name}.yaml`, text)
}

const attempt = (namespace: string, ...argv: string[]): Promise<Outcome> => run(inside(namespace, ...argv), { timeoutSeconds: 15 })

async function mistaken(lab: Lab, wrong: Wrong): Promise<void> {
  const text = right(PROBES.rude, join(lab.workplace.path, REFUSED_DIRECTORY, 'api.sock'))
  expect(text.includes(wrong.replace[0]), 'the mistake does not fit the configuration')
  const broken = text.replace(...wrong.replace)
  const file = fileWith(lab.workplace, 'wrong', broken)
  for (const command of [fednva('check', file), fednva('run', '--config', file)]) {
    const outcome = await attempt('probes', ...command)
    refused(outcome, wrong.says)
    expect(/wrong\.yaml:\d+:\d+/.test(outcome.stderr), 'the error does not give file, line and column', outcome.stderr)
  }
}

export const refusals: readonly Check[] = [
  {
    name: 'refusal: the configuration that the mistakes are made in is right',
    only: 'fednva',
    async run(lab) {
      const file = fileWith(lab.workplace, 'right', right(PROBES.rude, join(lab.workplace.path, REFUSED_DIRECTORY, 'api.sock')))
      const { code, stdout, stderr } = await attempt('probes', ...fednva('check', file))
      expect(code === 0, `exit code ${code}`, stdout + stderr)
    },
  },
  ...WRONG.map((wrong) => ({
    name: `refusal: ${wrong.name} gives one error with its place`,
    only: 'fednva' as const,
    run: (lab: Lab) => mistaken(lab, wrong),
  })),
  {
    name: 'refusal: a port in use gives one error, and the one who has it goes on',
    only: 'fednva',
    run: (lab) =>
      undisturbed(lab, async () => {
        const file = fileWith(lab.workplace, 'in-use', right(DOMAINS.a.nvaV4, join(lab.workplace.path, REFUSED_DIRECTORY, 'api.sock')))
        refused(await attempt(DOMAINS.a.nva, ...fednva('run', '--config', file)), /in use/i)
      }),
  },
  {
    name: 'refusal: no privilege for port 179 gives one error',
    only: 'fednva',
    async run(lab) {
      const directory = lab.workplace.directory(REFUSED_DIRECTORY)
      chmodSync(directory, 0o777)
      const file = fileWith(lab.workplace, 'unprivileged', right(PROBES.rude, join(directory, 'nobody.sock')))
      const unprivileged = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--bounding-set=-all', '--inh-caps=-all']
      refused(
        await attempt('probes', ...unprivileged, ...fednva('run', '--config', file)),
        /179.*(permi|privileg|CAP_NET_BIND_SERVICE)|(permi|privileg).*179/i,
      )
    },
  },
]
