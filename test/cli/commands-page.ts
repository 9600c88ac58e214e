/** The reference page of the command line, docs/commands.md, made of what the commands say of themselves. */
import type { Argument, Command, Option } from 'commander'
import { createProgram } from '../../src/cli/main.ts'

const HEAD = `# The command fednva

Made from what \`--help\` says (\`src/cli\`): change it there, then run \`npm run pages\`.

Commands that ask a running fednva take \`--json\` (the answer of the API, for programs), and ask the API socket of \`--socket <path>\`, else the one that the configuration file of \`--config <file>\`
names, else the only one in \`/run/fednva\`. Exit codes: 0 good, 1 a problem found or nobody answered,
2 a wrong command line, 78 a Node too old.
`

/** Options, with their texts, of all that ask a running fednva. */
const ASKING = [
  ['--json', 'the answer of the API, for programs'],
  ['--socket <path>', 'the API socket to ask'],
  ['--config <file>', 'the configuration file that names the socket'],
] as const

export function commandsPage(): string {
  return [
    HEAD,
    ...pathsOf(
      createProgram(() => {}),
      [],
    ).map(section),
  ].join('\n')
}

interface Found {
  readonly path: readonly string[]
  readonly command: Command
}

/** The commands that do something, each with the words that lead to it. */
function pathsOf(command: Command, before: readonly string[]): Found[] {
  const path = [...before, command.name()]
  if (command.commands.length === 0) return [{ path, command }]
  return command.commands.flatMap((one) => pathsOf(one, path))
}

function section({ path, command }: Found): string {
  const words = command.registeredArguments.map(wordOf)
  const asks = ASKING.every(([flags, text]) => command.options.some((one) => one.flags === flags && one.description === text))
  const options = asks ? command.options.filter(({ description }) => !ASKING.some(([, text]) => text === description)) : command.options
  const rows = [
    ...command.registeredArguments.map((one) => [wordOf(one), argumentText(one)]),
    ...options.map((one) => [one.flags, optionText(one)]),
    ...(asks ? [['--json --socket --config', 'see above']] : []),
  ]
  const lines = rows.map(([what, text]) => `| \`${cell(what)}\` | ${cell(text)} |`)
  return `## \`${[...path, ...words].join(' ')}\`

${sentence(command.description())}

| | |
|---|---|
${lines.join('\n')}
`
}

function wordOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

function argumentText({ description, argChoices }: Argument): string {
  return joined(description, argChoices && `one of ${argChoices.join(', ')}`)
}

function optionText({ description, argChoices, mandatory, defaultValue }: Option): string {
  const standard = defaultValue === undefined ? undefined : `${defaultValue} unless said`
  return joined(description, argChoices && `one of ${argChoices.join(', ')}`, standard, mandatory ? 'must be given' : undefined)
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('; ')
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function cell(text = ''): string {
  return text.replaceAll('|', '\\|')
}
