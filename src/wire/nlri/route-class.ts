/**
 * The class of a route: its type in a short or a long form, the long one being that with IPv6 addresses, for the types that have both. What is
 * decided by class (which types cross a boundary, which forms a peer can take) is a column of `ROUTE_CLASSES` verdicts.
 */
export const LONG_FORM = 256
export const ROUTE_CLASSES = 512
/** Key octets, route type included, of the longest short form: type 2 with an IPv4 address, 25; the shortest long one is of type 3 or 5, 30. */
const LONGEST_SHORT_KEY = 28

/** Class of a route of this type whose key has so many octets. Hot. */
export function routeClass(type: number, keyOctets: number): number {
  return keyOctets > LONGEST_SHORT_KEY ? type + LONG_FORM : type
}
