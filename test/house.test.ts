/**
 * The house: which room may import which, that pure rooms are pure, that each package lives in one room, that every room has a README and that the
 * paths READMEs name exist. To let one room lean on another, change the table here and say why in the commit.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')

/** Room: what it may import at run time, and of what only types. */
const VALUES = ['wire', 'address', 'bytes']
const PURE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  bytes: [],
  address: ['bytes'],
  wire: ['address', 'bytes'],
  session: VALUES,
  // The verdict on a message in a state is that of the state machine itself.
  decode: ['session', ...VALUES],
  policy: VALUES,
  rib: VALUES,
  advertise: ['rib', 'policy', ...VALUES],
  domain: ['rib', 'policy', ...VALUES],
  // Exporters are what a boundary makes; VNs are what it shares.
  federation: ['domain', 'advertise', 'rib', 'policy', ...VALUES],
  speaker: ['session', 'advertise', 'rib', 'policy', ...VALUES],
  nve: ['speaker', 'domain', 'advertise', 'rib', 'policy', ...VALUES],
}
const PURE = Object.keys(PURE_ROOMS)
const SHELL_ROOMS: Readonly<Record<string, readonly string[]>> = {
  transport: ['address', 'bytes'],
  // The thread of a module sees routes as policy does.
  sandbox: ['policy', 'bytes'],
  // The schema of policies is made from the table of policy modules, and the files it names are loaded.
  config: ['policy', 'sandbox', 'address'],
  store: ['address'],
  telemetry: ['address'],
  api: ['address'],
  // The programs that run on are the daemon's; cli loads one when it is asked for.
  cli: ['api', 'config', 'decode', 'address', 'daemon'],
  daemon: [...PURE, 'transport', 'config', 'sandbox', 'store', 'telemetry', 'api'],
}
const DOORS: Readonly<Record<string, readonly string[]>> = { ...PURE_ROOMS, ...SHELL_ROOMS }
/** Rooms of which a shell room may import types: they are gone at run time. */
const TYPES_OF: Readonly<Record<string, readonly string[]>> = {
  transport: ['speaker', ...VALUES],
  sandbox: PURE,
  config: PURE,
  store: PURE,
  telemetry: PURE,
  api: PURE,
  cli: PURE,
}

/** Packages that live in one room (or none: for tests and tools only). */
const PACKAGE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  'ip-address': ['address'],
  'buffer-layout': ['wire'],
  pino: ['telemetry'],
  'pino-pretty': ['telemetry'],
  commander: ['cli'],
  'cli-table3': ['cli'],
  'string-width': ['cli'],
  koffi: ['transport'],
  yaml: ['config'],
  // A policy module brings the schema of its own argument.
  zod: ['config', 'api', 'policy'],
  'p-queue': ['transport'],
}

/** Paths that a build makes. */
const MADE = ['dist/']

const IMPURE = [
  [/\bDate\.now\b|\bnew Date\b/, 'the clock'],
  [/\bMath\.random\b/, 'chance'],
  [/\bperformance\./, 'the clock'],
  [/\b(setTimeout|setImmediate|setInterval|queueMicrotask)\b/, 'timers'],
  [/\bprocess\./, 'the process'],
  [/\bconsole\./, 'the console'],
] as const

interface Import {
  readonly file: string
  readonly room: string
  readonly target: string
  readonly typeOnly: boolean
  /** `import('...')`: loaded when it is run. */
  readonly dynamic: boolean
}

function filesOf(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name))
}

const rooms = readdirSync(SRC).filter((name) => statSync(join(SRC, name)).isDirectory())
const sources = filesOf(SRC, /\.(ts|js)$/).map((file) => ({
  file,
  room: relative(SRC, file).split('/')[0]!,
  text: readFileSync(file, 'utf8'),
}))
const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')

/** `import ... from '...'`, `export ... from '...'`, `import '...'` and `import('...')`. */
const FROM = /(?:^|\n)\s*(?:import|export)\s+([^'";]*?\bfrom\s*)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g

const imports: Import[] = sources.flatMap(({ file, room, text }) =>
  [...code(text).matchAll(FROM)].map(([, clause, named, dynamic]): Import => {
    const words = (clause ?? '').trim()
    const braces = /^\{([^}]*)\}\s*from$/.exec(words)?.[1]
    const allTypes = braces
      ?.split(',')
      .filter((name) => name.trim() !== '')
      .every((name) => name.trim().startsWith('type '))
    const typeOnly = words.startsWith('type ') || allTypes === true
    return { file, room, target: named ?? dynamic!, typeOnly, dynamic: named === undefined }
  }),
)
const roomImports = imports
  .filter(({ target }) => target.startsWith('.'))
  .map((one) => ({ ...one, to: relative(SRC, resolve(dirname(one.file), one.target)).split('/')[0]! }))
const where = (file: string) => relative(ROOT, file)

/** Importing and imported files, below `src`. */
const pairs = (some: readonly Import[]) =>
  some.map(({ file, target }): [string, string] => [relative(SRC, file), relative(SRC, resolve(dirname(file), target))])

/** The rooms, or the sub-rooms of one room, in which two files are; null: not in any. */
function siblings(from: string, to: string): [string, string] | [null, null] {
  const [a, b] = [from.split('/'), to.split('/')]
  const depth = a.findIndex((part, at) => part !== b[at]) + 1
  return depth > 0 && depth < a.length && depth < b.length ? [a.slice(0, depth).join('/'), b.slice(0, depth).join('/')] : [null, null]
}

/** The ways round that a walk along the edges finds: none, if there are none. */
function cyclesOf(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const cycles: string[] = []
  const done = new Set<string>()
  const walk = (at: string, path: readonly string[]) => {
    if (path.includes(at)) cycles.push([...path.slice(path.indexOf(at)), at].join(' -> '))
    if (done.has(at)) return
    done.add(at)
    for (const to of edges.get(at) ?? []) walk(to, [...path, at])
  }
  for (const start of edges.keys()) walk(start, [])
  return cycles
}

describe('doors', () => {
  test('every room stands in the table', () => {
    expect(rooms.filter((room) => DOORS[room] === undefined)).toEqual([])
  })

  test('imports keep to the table', () => {
    const wrong = roomImports
      .filter(({ room, to }) => room !== to)
      .filter(({ room, to, typeOnly }) => !(DOORS[room]?.includes(to) || (typeOnly && TYPES_OF[room]?.includes(to))))
      .map(({ file, to, typeOnly }) => `${where(file)} imports ${typeOnly ? 'types of ' : ''}${to}`)
    expect(wrong).toEqual([])
  })

  test('no import leaves src', () => {
    expect(roomImports.filter(({ to }) => to === '..').map(({ file, target }) => `${where(file)}: ${target}`)).toEqual([])
  })

  test('no cycle of rooms or of sub-rooms, types included', () => {
    const edges = new Map<string, Set<string>>()
    for (const [from, to] of pairs(roomImports)) {
      const [a, b] = siblings(from, to)
      if (a !== null && b !== null) edges.set(a, (edges.get(a) ?? new Set()).add(b))
    }
    expect(cyclesOf(edges)).toEqual([])
  })

  test('no cycle of files at run time', () => {
    const edges = new Map<string, Set<string>>()
    const atOnce = roomImports.filter(({ typeOnly, dynamic }) => !typeOnly && !dynamic)
    for (const [from, to] of pairs(atOnce)) edges.set(from, (edges.get(from) ?? new Set()).add(to))
    expect(cyclesOf(edges)).toEqual([])
  })
})

describe('an NVA that starts', () => {
  /** What is loaded without anybody asking for it. */
  const reached = new Set<string>()
  const load = (file: string): void => {
    if (reached.has(file)) return
    reached.add(file)
    for (const { file: from, target, typeOnly, dynamic } of imports) {
      if (from !== file || typeOnly || dynamic) continue
      if (target.startsWith('.')) load(resolve(dirname(file), target))
      else reached.add(target)
    }
  }
  load(join(SRC, 'daemon/run.ts'))
  load(join(SRC, 'cli/main.ts'))

  test('loads what every NVA needs', () => {
    expect([...reached]).toEqual(
      expect.arrayContaining([join(SRC, 'speaker/speaker.ts'), join(SRC, 'policy/gate/gate.ts'), 'zod', 'yaml', 'pino']),
    )
  })

  test('loads no policy modules, no HTTP, nothing for people and no other program before it is asked for', () => {
    const late = [
      'policy/modules/match/',
      'policy/modules/set/',
      'policy/compile.ts',
      'decode/',
      'nve/',
      'daemon/demo',
      'daemon/edge',
      'api/http.ts',
    ]
    const packages = ['koffi', 'pino-pretty', 'cli-table3', 'node:http']
    const early = [...reached].filter((one) => packages.includes(one) || late.some((part) => one.startsWith(join(SRC, part))))
    expect(early.map(where)).toEqual([])
  })
})

describe('pure rooms', () => {
  test('import no module of Node and no package but their own', () => {
    const wrong = imports
      .filter(({ room, target }) => PURE.includes(room) && !target.startsWith('.'))
      .filter(({ room, target }) => !PACKAGE_ROOMS[target]?.includes(room))
    expect(wrong.map(({ file, target }) => `${where(file)} imports ${target}`)).toEqual([])
  })

  test('touch no clock, chance, timer, process or console', () => {
    const wrong = sources
      .filter(({ room }) => PURE.includes(room))
      .flatMap(({ file, text }) => IMPURE.filter(([sign]) => sign.test(code(text))).map(([, what]) => `${where(file)} touches ${what}`))
    expect(wrong).toEqual([])
  })
})

describe('packages', () => {
  test('each is imported in its own room only', () => {
    const wrong = imports
      .filter(({ target }) => !target.startsWith('.') && !target.startsWith('node:'))
      .filter(({ room, target }) => !(PACKAGE_ROOMS[target] ?? []).includes(room))
    expect(wrong.map(({ file, target }) => `${where(file)} imports ${target}`)).toEqual([])
  })
})

describe('READMEs', () => {
  test('every room has one', () => {
    expect(rooms.filter((room) => !existsSync(join(SRC, room, 'README.md')))).toEqual([])
  })

  test('are a screen at most in rooms', () => {
    const long = rooms
      .map((room) => join(SRC, room, 'README.md'))
      .filter((file) => existsSync(file) && readFileSync(file, 'utf8').split('\n').length > 60)
    expect(long.map(where)).toEqual([])
  })

  /** A path is a backticked word with a slash and an ending, or one that ends with a slash; seen from the README, the root or src. */
  test('every path they name exists', () => {
    const readmes = ['src', 'test', 'interop', 'configs'].flatMap((folder) =>
      existsSync(join(ROOT, folder)) ? filesOf(join(ROOT, folder), /README\.md$/) : [],
    )
    if (existsSync(join(ROOT, 'README.md'))) readmes.push(join(ROOT, 'README.md'))
    const missing = readmes.flatMap((readme) => {
      const words = [
        ...readFileSync(readme, 'utf8')
          .replaceAll(/```[\s\S]*?```/g, '')
          .matchAll(/`([^`\s]+)`/g),
      ].map(([, word]) => word!)
      return words
        .filter((word) => /^[\w.@-]+(\/[\w.@-]+)*\/([\w@-][\w.@-]*\.(ts|js|json|jsonl|yaml|yml|md|sh))?$/.test(word))
        .filter((word) => !MADE.includes(word))
        .filter((word) => ![dirname(readme), ROOT, SRC].some((base) => existsSync(join(base, word))))
        .map((word) => `${where(readme)} names ${word}`)
    })
    expect(missing).toEqual([])
  })
})
