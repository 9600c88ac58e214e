/** What modules of the operator's own want changed, judged by the schemas of the set modules and made into edits by these. */
import type { Edit, Environment, LooksAt, SetModule } from '../modules/module.ts'
import { setModule } from '../modules/table.ts'
import { CHANGES, type Wanted } from './changes.ts'
import type { Failure } from './runner.ts'

/** Most answers remembered: modules say the same again and again. */
const REMEMBERED_MOST = 4096
const NOTHING: readonly Edit[] = []

export class EditsOf {
  private readonly looksAt: LooksAt
  private readonly environment: Environment
  private readonly known = new Map<string, readonly Edit[] | Failure>()

  constructor(looksAt: LooksAt, environment: Environment) {
    this.looksAt = looksAt
    this.environment = environment
  }

  /** `wanted`: JSON of `Wanted[]`; empty: nothing. */
  of(wanted: string): readonly Edit[] | Failure {
    if (wanted === '') return NOTHING
    const known = this.known.get(wanted)
    if (known !== undefined) return known
    const made = this.make(JSON.parse(wanted) as readonly Wanted[])
    if (this.known.size >= REMEMBERED_MOST) this.known.clear()
    this.known.set(wanted, made)
    return made
  }

  private make(wanted: readonly Wanted[]): readonly Edit[] | Failure {
    const edits: Edit[] = []
    for (const [name, argument] of wanted) {
      const module = CHANGES[this.looksAt].includes(name) ? setModule(name) : null
      if (module === null) return failure(`changes.${name}`, 'one of the changes there are')
      const edit = this.edit(module, argument)
      if (typeof edit !== 'function') return edit
      edits.push(edit)
    }
    return edits
  }

  private edit(module: SetModule<unknown>, argument: unknown): Edit | Failure {
    const call = `changes.${module.name}(${short(JSON.stringify(argument) ?? 'undefined')})`
    const checked = module.schema.safeParse(argument)
    if (!checked.success) {
      const { path, message } = checked.error.issues[0] ?? { path: [], message: 'another argument' }
      return failure(call, `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`)
    }
    const edit = module.compile(checked.data, this.environment)
    return typeof edit === 'function' ? edit : failure(call, edit.expected)
  }
}

function failure(found: string, expected: string): Failure {
  return { failed: 'error', why: `found ${found}, expected ${expected}` }
}

function short(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text
}
