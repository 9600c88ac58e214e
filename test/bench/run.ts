/** `npm run bench`: the command. What is measured, and how, stands in README.md. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { wholeNumber } from '../../src/cli/number.ts'
import { DUT_NAMES, type DutName } from './duts/table.ts'
import { type FloodOptions, flood } from './flood/flood.ts'
import { FLOOD_NAMES, type FloodName } from './flood/floods.ts'
import { writePage } from './page.ts'
import { type PolicyOptions, policy } from './policy/policy.ts'
import { SHAPES } from './policy/shapes.ts'
import { type ReflectOptions, reflect } from './reflect/reflect.ts'
import { SCENARIOS } from './reflect/scenarios.ts'
import { type ResponsivenessOptions, responsiveness } from './responsiveness/responsiveness.ts'
import { type SessionsOptions, sessions } from './sessions/sessions.ts'

/** `a,b` as names of a list. */
function names<T extends string>(known: readonly T[]): (text: string) => T[] {
  return (text) =>
    text.split(',').map((name) => {
      const found = known.find((one) => one === name)
      if (found === undefined) throw new InvalidArgumentError(`There is no ${name}, but ${known.join(', ')}.`)
      return found
    })
}

// Processes under measurement end with us (`duts/running.ts`), and that needs an ordinary end.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.on(signal, () => process.exit(code))

const program = new Command('npm run bench --').description('measures fednva beside other reflectors on this machine').helpCommand(false)
const out = () => new Option('--out <file>', 'add the results to this file (JSON)')

program
  .command('reflect', { isDefault: true })
  .description('routes through fednva, FRR, GoBGP and a relay that only copies, paired and in turn; every route that comes out is verified')
  .option('--scenarios <names>', `of ${Object.keys(SCENARIOS).join(', ')}`, names(Object.keys(SCENARIOS)))
  .option<DutName[]>('--duts <names>', `of ${DUT_NAMES.join(', ')}`, names(DUT_NAMES))
  .option('--reps <number>', 'repetitions, of which the table has the medians', wholeNumber(1, 100), 1)
  .option('--quick', 'few and small scenarios: a minute')
  .option('--before <folder>', 'measure the fednva of another working tree too')
  .option('--check', 'exit code 1 when a target is missed')
  .option('--json', 'print the results as JSON instead of a table')
  .addOption(out())
  .option('--page <file>', 'measure nothing: write docs/performance.md from that file of results')
  .action(async (options: ReflectOptions & { page?: string }) => {
    if (options.page !== undefined) console.log(`written: ${writePage(options.page)}`)
    else process.exitCode = await reflect(options)
  })

program
  .command('responsiveness')
  .description('how quick it stays while a million routes come in, and while they go out to somebody who comes late')
  .option('--routes <number>', 'how many', wholeNumber(1000, 10_000_000), 1_000_000)
  .option('--check', 'exit code 1 when it is slower than it may be')
  .option('--json', 'print the result as JSON')
  .addOption(out())
  .action(async (options: ResponsivenessOptions) => {
    process.exitCode = await responsiveness(options)
  })

program
  .command('sessions')
  .description('many sessions that are up and say little')
  .option<DutName[]>('--duts <names>', `of ${DUT_NAMES.join(', ')}`, names(DUT_NAMES), ['fednva'])
  .option('--sessions <number>', 'how many', wholeNumber(1, 5000), 1000)
  .option('--routes <number>', 'how many in all', wholeNumber(20, 100_000), 20_000)
  .option('--minutes <number>', 'how long they are watched', wholeNumber(1, 1440), 10)
  .option('--hold <seconds>', 'hold time', wholeNumber(3, 65_535), 9)
  .option('--check', 'exit code 1 when it takes too much CPU')
  .option('--json', 'print the result as JSON')
  .addOption(out())
  .action(async (options: SessionsOptions) => {
    process.exitCode = await sessions(options)
  })

program
  .command('flood')
  .description(
    'how long a change takes between two local NVEs while a federated domain sends as fast as TCP takes it, beside the time when it is quiet',
  )
  .option<FloodName[]>('--floods <names>', `of ${FLOOD_NAMES.join(', ')}`, names(FLOOD_NAMES), FLOOD_NAMES)
  .option('--pairs <number>', 'how often quiet and flood follow each other', wholeNumber(1, 100), 3)
  .option('--probes <number>', 'changes that are measured in each', wholeNumber(10, 100_000), 500)
  .option('--check', 'exit code 1 when p99 is more than twice the quiet one')
  .option('--json', 'print the results as JSON')
  .addOption(out())
  .action(async (options: FloodOptions) => {
    process.exitCode = await flood(options)
  })

program
  .command('policy')
  .description('how much longer routes take to come in through 100 terms, among them a file of as many MAC addresses as there are routes')
  .option('--shapes <names>', `of ${Object.keys(SHAPES).join(', ')}`, names(Object.keys(SHAPES)))
  .option('--pairs <number>', 'runs with and without policy, in turn', wholeNumber(1, 1000), 20)
  .option('--check', 'exit code 1 when it is more than it may be')
  .option('--json', 'print the result as JSON')
  .action(async (options: PolicyOptions) => {
    process.exitCode = await policy(options)
  })

await program.parseAsync()
