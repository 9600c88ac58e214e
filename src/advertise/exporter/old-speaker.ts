/** Towards peers that do not know 4-octet AS numbers, RFC 6793 §4.2.2. */

import { copy } from '../../bytes/octets.ts'
import { DROP, findAttribute, inOrder, type RewriteStep, rewrite, valueEnd, valueStart } from '../../policy/rewrite/attribute-rewrite.ts'
import { narrowAggregator, narrowAsPath, needsAs4Aggregator, writeAs4Path } from '../../wire/attribute/as4.ts'
import { AttributeCode, OPTIONAL_TRANSITIVE, WELL_KNOWN } from '../../wire/attribute/attribute.ts'
import type { Exporter } from './exporter.ts'

/** More than the attributes of the longest message. */
const MOST_OCTETS = 2 * 65535

/** An exporter that writes what `exporter` does with 2-octet AS numbers: AS_TRANS for those that do not fit, which stand in full in AS4_PATH and AS4_AGGREGATOR. */
export function toOldSpeaker(exporter: Exporter): Exporter {
  // Made when first written: exporters are also made only to learn their key.
  let wide: Uint8Array | null = null
  const narrowed =
    (write: Exporter['write']): Exporter['write'] =>
    (set, out, at) => {
      wide ??= new Uint8Array(MOST_OCTETS)
      const end = write(set, wide, 0)
      return rewrite(wide, 0, end, narrowing(wide, end), out, at)
    }
  return {
    ...exporter,
    key: `${exporter.key} 2-octet AS`,
    write: narrowed((set, out, at) => exporter.write(set, out, at)),
    writeEdited: narrowed((set, out, at) => exporter.writeEdited(set, out, at)),
  }
}

function narrowing(wide: Uint8Array, end: number): RewriteStep[] {
  const steps: RewriteStep[] = []
  const path = findAttribute(wide, 0, end, AttributeCode.asPath)
  const aggregator = findAttribute(wide, 0, end, AttributeCode.aggregator)
  if (path >= 0) {
    const from = valueStart(wide, path)
    const length = valueEnd(wide, path) - from
    steps.push(step(AttributeCode.asPath, WELL_KNOWN, (out, at) => narrowAsPath(wide, from, length, out, at)))
    steps.push(
      step(AttributeCode.as4Path, OPTIONAL_TRANSITIVE, (out, at) => {
        const behind = writeAs4Path(wide, from, length, out, at)
        return behind === at ? DROP : behind
      }),
    )
  }
  if (aggregator >= 0) {
    const from = valueStart(wide, aggregator)
    steps.push(step(AttributeCode.aggregator, OPTIONAL_TRANSITIVE, (out, at) => narrowAggregator(wide, from, out, at)))
    if (needsAs4Aggregator(wide, from)) {
      steps.push(step(AttributeCode.as4Aggregator, OPTIONAL_TRANSITIVE, (out, at) => copy(wide, from, from + 8, out, at)))
    }
  }
  return inOrder(steps)
}

function step(code: number, flags: number, write: (out: Uint8Array, at: number) => number): RewriteStep {
  return { code, flags, add: true, value: (_bytes, _from, _to, out, at) => write(out, at) }
}
