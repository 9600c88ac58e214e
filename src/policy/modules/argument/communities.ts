/** Standard (RFC 1997) and large (RFC 8092) communities as arguments. */
import { known } from '../../../address/parsed.ts'
import { LARGE, parsePattern, parseValue, type Shape, STANDARD, setOfPatterns } from './community-text.ts'
import { anyOf, listOf, type OneOrMore, text } from './fields.ts'

export type Communities = OneOrMore<string>

const valuesOf = (shape: Shape) =>
  anyOf(
    text(shape.value, (typed) => parseValue(shape, typed)),
    shape.value,
  )
const patternsOf = (shape: Shape) =>
  anyOf(
    text(shape.pattern, (typed) => parsePattern(shape, typed)),
    shape.pattern,
  )
const octetsOf = (shape: Shape, argument: Communities) => listOf(argument).map((one) => known(parseValue(shape, one)))

const setOf = (shape: Shape, argument: Communities) => setOfPatterns(shape, listOf(argument))

export const communityValues = valuesOf(STANDARD)
export const communityPatterns = patternsOf(STANDARD)
/** 4 octets each. */
export const communityOctets = (argument: Communities) => octetsOf(STANDARD, argument)
export const communitySet = (argument: Communities) => setOf(STANDARD, argument)

export const largeCommunityValues = valuesOf(LARGE)
export const largeCommunityPatterns = patternsOf(LARGE)
/** 12 octets each. */
export const largeCommunityOctets = (argument: Communities) => octetsOf(LARGE, argument)
export const largeCommunitySet = (argument: Communities) => setOf(LARGE, argument)
