/**
 * Communities that are marked internal (`federation.internalCommunities`): they say something inside the own domain alone. They leave it in no mode, and what comes
 * in cannot bear them. Standard (RFC 1997) and large ones (RFC 8092).
 */
import { copy, put32, u16, u32 } from '../../bytes/octets.ts'
import { LARGE, STANDARD, setOfPatterns } from '../../policy/modules/argument/community-text.ts'
import { DROP, type RewriteStep } from '../../policy/rewrite/attribute-rewrite.ts'
import { NO_EXPORT } from '../../policy/rewrite/well-known.ts'
import { AttributeCode, OPTIONAL_TRANSITIVE } from '../../wire/attribute/attribute.ts'

const STANDARD_OCTETS = 4
const LARGE_OCTETS = 12
/** First half of all well-known communities. */
const WELL_KNOWN_AS = 0xffff

type Holds = (bytes: Uint8Array, at: number) => boolean

/** What becomes of each kind, as the one step of a rewrite. */
export interface KeptCommunities {
  readonly standard: readonly RewriteStep[]
  readonly large: readonly RewriteStep[]
}

/** What becomes of communities that cross as they are. `added`: a community more. */
export function withoutInternal(marks: readonly string[] | null, added: number | null = null): RewriteStep[] {
  const { standard, large } = setsOf(marks ?? [])
  const steps: RewriteStep[] = []
  if (standard !== null || added !== null)
    steps.push(keeping(AttributeCode.communities, STANDARD_OCTETS, (bytes, at) => standard?.has(bytes, at) !== true, added))
  if (large !== null) steps.push(keeping(AttributeCode.largeCommunities, LARGE_OCTETS, (bytes, at) => !large.has(bytes, at)))
  return steps
}

/**
 * What a route that is made for a gateway takes over of the communities of the one behind it: all that are not internal, where it is said which are; else none. Of
 * the well-known ones only NO_EXPORT, and that only on the way in.
 */
export function overGateway(marks: readonly string[] | null, outward: boolean): KeptCommunities {
  const { standard, large } = setsOf(marks ?? [])
  const crosses: Holds = (bytes, at) => {
    if (u16(bytes, at) === WELL_KNOWN_AS) return !outward && u32(bytes, at) === NO_EXPORT
    return marks !== null && standard?.has(bytes, at) !== true
  }
  return {
    standard: [keeping(AttributeCode.communities, STANDARD_OCTETS, crosses)],
    large: [keeping(AttributeCode.largeCommunities, LARGE_OCTETS, (bytes, at) => marks !== null && large?.has(bytes, at) !== true)],
  }
}

/** null: none is marked. */
function setsOf(marks: readonly string[]) {
  const large = marks.filter((mark) => mark.split(':').length === LARGE.parts)
  const standard = marks.filter((mark) => !large.includes(mark))
  return {
    standard: standard.length === 0 ? null : setOfPatterns(STANDARD, standard),
    large: large.length === 0 ? null : setOfPatterns(LARGE, large),
  }
}

function keeping(code: number, octets: number, stays: Holds, added: number | null = null): RewriteStep {
  return {
    code,
    flags: OPTIONAL_TRANSITIVE,
    add: added !== null,
    value(bytes, from, to, out, at) {
      let end = at
      for (let source = from; source < to; source += octets) if (stays(bytes, source)) end = copy(bytes, source, source + octets, out, end)
      if (added !== null) end = put32(out, end, added)
      return end === at ? DROP : end
    },
  }
}
