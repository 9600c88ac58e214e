/** `npm run bench -- policy`: how much longer routes take to come in when they pass 100 terms. */
import { type Column, formatTable } from '../../../src/cli/table.ts'
import { formatMachine, machine } from '../machine.ts'
import { type ImportPair, importPairs, terms } from './import.ts'
import { SHAPES, type Shape, type ShapeName } from './shapes.ts'

export interface PolicyOptions {
  readonly pairs: number
  readonly shapes?: readonly ShapeName[]
  readonly check?: boolean
  readonly json?: boolean
}

export interface PolicyFigures extends ImportPair {
  readonly shape: ShapeName
  /** Of the pairs: not of the two medians beside it. */
  readonly ratio: number
}

/** Pairs at the beginning that are not counted: code is compiled meanwhile. */
const WARM_UP = 4
const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[]

/** 0: measured; 1: with `check`, a shape takes longer than it may. */
export async function policy({ pairs, shapes = SHAPE_NAMES, check = false, json = false }: PolicyOptions): Promise<number> {
  if (!json) console.log(`${formatMachine(machine())}: ${terms().length} terms, medians of ${pairs} pairs`)
  const all: PolicyFigures[] = []
  for (const name of shapes) all.push(figuresOf(name, (await importPairs(SHAPES[name], WARM_UP + pairs)).slice(WARM_UP)))
  console.log(json ? JSON.stringify(all, null, 1) : formatFigures(all))
  const missed = all.filter(({ shape, ratio }) => ratio > mostOf(SHAPES[shape]))
  for (const { shape, ratio } of missed)
    process.stderr.write(`target missed: ${shape} ${ratio.toFixed(2)}, at most ${mostOf(SHAPES[shape])}\n`)
  return check && missed.length > 0 ? 1 : 0
}

function figuresOf(shape: ShapeName, pairs: readonly ImportPair[]): PolicyFigures {
  return {
    shape,
    withoutMs: median(pairs.map(({ withoutMs }) => withoutMs)),
    withMs: median(pairs.map(({ withMs }) => withMs)),
    ratio: median(pairs.map(({ withoutMs, withMs }) => withMs / withoutMs)),
  }
}

function formatFigures(all: readonly PolicyFigures[]): string {
  const columns: Column<PolicyFigures>[] = [
    { head: 'Routes', cell: ({ shape }) => SHAPES[shape].title },
    { head: 'Without policy', right: true, cell: ({ withoutMs }) => `${withoutMs.toFixed(1)} ms` },
    { head: 'Through it', right: true, cell: ({ withMs }) => `${withMs.toFixed(1)} ms` },
    { head: 'Ratio', right: true, cell: ({ ratio }) => ratio.toFixed(2) },
    { head: 'At most', right: true, cell: ({ shape }) => mostOf(SHAPES[shape]) },
  ]
  return formatTable(columns, all)
}

const mostOf = ({ most }: Shape) => most

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
