/** Changes to messages that know BGP: lengths, flags, attributes, NLRI, capabilities; and plain damage. */
import type { Chance } from './chance.ts'
import {
  type AttributePiece,
  join,
  joinTlvs,
  number16,
  type OpenPieces,
  type Pieces,
  putTogether,
  takeApart,
  tlvs,
  two,
  type UpdatePieces,
} from './pieces.ts'

const CODES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18, 22, 23, 25, 26, 32, 35, 36, 40, 128, 255]
const FLAGS = [0x40, 0x80, 0xc0, 0xe0, 0x50, 0x90, 0xd0, 0xf0, 0x00, 0xff]
const FAMILIES = [
  [25, 70],
  [1, 1],
  [2, 1],
  [1, 128],
  [25, 65],
  [1, 132],
  [0, 0],
]
const REACH = 14
const UNREACH = 15
/** MP_REACH_NLRI with one IMET route. */
const IMET_REACH = new Uint8Array(Buffer.from('00194604c0000201000311000000000001000100000000' + '20c0000201', 'hex'))
/** A longer message is chosen seldom: it takes the time of hundreds. */
const LONG = 1000
/** An NLRI list is made this long at most, in octets. */
const LONG_LIST = 60_000

/** The octets of one input: a message of the corpus or one of the `last` inputs, changed a few times; or what takes back the routes of one of them. */
export function mutated(chance: Chance, corpus: readonly Uint8Array[], last: readonly Uint8Array[]): Uint8Array {
  if (last.length > 0 && chance.once(12)) return takenBack(takeApart(chance.pick(last)))
  const recent = corpus.slice(-64)
  const any = () => (last.length > 0 && chance.once(6) ? chance.pick(last) : chance.once(3) ? chance.pick(recent) : chance.pick(corpus))
  const choose = () => {
    const first = any()
    return first.length > LONG && !chance.once(16) ? any() : first
  }
  let pieces = takeApart(choose())
  for (let left = 1 + chance.below(chance.once(4) ? 8 : 3); left > 0; left--) pieces = change(pieces, chance, choose)
  if (pieces.type === 2 && !chance.once(3)) return putTogether(made(pieces, chance))
  let octets = putTogether(pieces)
  if (chance.once(2)) octets = damaged(octets, chance, choose)
  if (chance.once(3)) octets = framed(octets)
  return octets
}

/** An UPDATE that withdraws what another announced; any other message as it is. */
function takenBack(pieces: Pieces): Uint8Array {
  if (pieces.type !== 2) return putTogether(pieces)
  const reach = pieces.attributes.find(({ code, value }) => code === REACH && value.length > 4)
  if (reach === undefined) return putTogether(pieces)
  const value = join(reach.value.subarray(0, 3), reach.value.subarray(5 + reach.value[3]!))
  return putTogether({
    ...pieces,
    withdrawn: new Uint8Array(0),
    attributes: [{ flags: 0x80, code: UNREACH, value }],
    nlri: new Uint8Array(0),
  })
}

function change(pieces: Pieces, chance: Chance, choose: () => Uint8Array): Pieces {
  if (pieces.type === 2) return changeUpdate(pieces, chance, choose)
  if (pieces.type === 1) return changeOpen(pieces, chance, choose)
  return { type: 0, octets: framed(bent(pieces.octets, chance)) }
}

function changeUpdate(pieces: UpdatePieces, chance: Chance, choose: () => Uint8Array): UpdatePieces {
  const attributes = [...pieces.attributes]
  const at = chance.below(attributes.length || 1)
  const one = attributes[at]
  const put = (piece: AttributePiece | null): UpdatePieces => {
    if (piece === null) attributes.splice(at, 1)
    else attributes[at] = piece
    return { ...pieces, attributes }
  }
  switch (chance.below(one === undefined ? 3 : 16)) {
    case 0: {
      const other = takeApart(choose())
      if (other.type === 2 && other.attributes.length > 0) attributes.splice(at, 0, chance.pick(other.attributes))
      return { ...pieces, attributes }
    }
    case 1:
      return { ...pieces, [chance.pick(['withdrawn', 'nlri'])]: chance.once(2) ? prefixes(chance) : chance.octets(chance.below(12)) }
    case 2:
      return changeList(pieces, chance, choose)
    case 3:
      return put(null)
    case 4:
      attributes.splice(chance.below(attributes.length + 1), 0, one!)
      return { ...pieces, attributes }
    case 5: {
      const other = chance.below(attributes.length)
      attributes[at] = attributes[other]!
      attributes[other] = one!
      return { ...pieces, attributes }
    }
    case 6:
      return put({ ...one!, flags: chance.once(2) ? one!.flags ^ (1 << chance.below(8)) : chance.pick(FLAGS) })
    case 7:
      return put({ ...one!, code: chance.once(2) ? chance.pick(CODES) : chance.below(256) })
    case 8:
      return put({ ...one!, lie: chance.pick([-2, -1, 1, 2, 3, 8, 255, 65535]) })
    case 9: {
      const other = takeApart(choose())
      const twin = other.type === 2 ? other.attributes.find(({ code }) => code === one!.code) : undefined
      return twin === undefined
        ? put({ ...one!, value: bent(one!.value, chance) })
        : put({ ...one!, value: spliced(one!.value, twin.value, chance) })
    }
    case 10:
    case 11:
      return changeList(pieces, chance, choose)
    default:
      return put({ ...one!, value: bent(one!.value, chance) })
  }
}

/** Changes the NLRI of MP_REACH_NLRI or MP_UNREACH_NLRI, or what stands before them. */
function changeList(pieces: UpdatePieces, chance: Chance, choose: () => Uint8Array): UpdatePieces {
  const { attributes } = pieces
  const at = attributes.findIndex(({ code, value }) => (code === REACH && value.length > 4) || (code === UNREACH && value.length > 2))
  if (at < 0) return pieces
  const piece = attributes[at]!
  const put = (value: Uint8Array, more: Partial<AttributePiece> = {}): UpdatePieces => ({
    ...pieces,
    attributes: attributes.with(at, { ...piece, ...more, value }),
  })
  const listAt = piece.code === UNREACH ? 3 : 5 + piece.value[3]!
  const head = piece.value.slice(0, listAt)
  const list = tlvs(piece.value.subarray(listAt))
  const place = chance.below(list.length || 1)
  const one = list[place]
  switch (chance.below(one === undefined ? 4 : 13)) {
    case 0: {
      const [afi = 0, safi = 0] = chance.pick(FAMILIES)
      return put(join([afi >>> 8, afi, safi], piece.value.subarray(3)))
    }
    case 1:
      // What was announced is withdrawn.
      if (piece.code === UNREACH) return put(head.length < 3 ? head : join(head.subarray(0, 3), piece.value.subarray(listAt)))
      return put(join(head.subarray(0, 3), piece.value.subarray(listAt)), { code: UNREACH })
    case 2: {
      if (piece.code === UNREACH) return put(bent(piece.value, chance))
      const length = chance.pick([0, 4, 12, 16, 24, 32, 48, chance.below(256)])
      return put(
        join(head.subarray(0, 3), [length], chance.octets(chance.once(8) ? chance.below(40) : length), [0], piece.value.subarray(listAt)),
      )
    }
    case 3: {
      const other = takeApart(choose())
      const twin = other.type === 2 ? other.attributes.find(({ code }) => code === REACH || code === UNREACH) : undefined
      if (twin === undefined) return put(bent(piece.value, chance))
      return put(join(piece.value, twin.value.subarray(twin.code === UNREACH ? 3 : 5 + (twin.value[3] ?? 0))))
    }
    case 4:
      return put(join(head, joinTlvs(list.toSpliced(place, 1))))
    case 5:
      return put(join(head, joinTlvs(list.toSpliced(chance.below(list.length + 1), 0, one!))))
    case 6:
      return put(join(head, joinTlvs(list.with(place, { ...one!, type: chance.once(3) ? chance.octet() : 1 + chance.below(11) }))))
    case 7:
      return put(join(head, joinTlvs(list.with(place, { ...one!, lie: chance.pick([-3, -1, 1, 3, 4, 12, 255]) }))))
    case 8: {
      // Many routes that differ in one octet or two.
      const times = chance.once(200) ? Math.floor(LONG_LIST / (one!.value.length + 2)) : 1 + chance.below(40)
      const octet = chance.below(one!.value.length || 1)
      const many = Array.from({ length: times }, (_, i) => {
        const value = Uint8Array.from(one!.value)
        if (value.length > octet) value[octet] = i
        if (value.length > octet + 1) value[octet + 1] = i >>> 8
        return { type: one!.type, value }
      })
      return put(join(head, joinTlvs(many)))
    }
    default:
      return put(join(head, joinTlvs(list.with(place, { ...one!, value: bent(one!.value, chance).subarray(0, 255) }))))
  }
}

/** What a sound UPDATE must have, so that many inputs come through to the RIB: ORIGIN, an AS_PATH that begins with the AS of the outside peer, LOCAL_PREF, routes. */
function made(pieces: UpdatePieces, chance: Chance): UpdatePieces {
  const attributes = pieces.attributes.map(({ lie: _lie, ...piece }) => piece as AttributePiece)
  const has = (code: number) => attributes.some((piece) => piece.code === code)
  if (!has(1)) attributes.push({ flags: 0x40, code: 1, value: Uint8Array.of(chance.below(3)) })
  if (!has(2)) attributes.push({ flags: 0x40, code: 2, value: Uint8Array.of(2, 1, 0, 0, 0xfd, 0xea) })
  else if (chance.once(4)) {
    const at = attributes.findIndex(({ code }) => code === 2)
    attributes[at] = { ...attributes[at]!, value: Uint8Array.of(2, 1, ...(chance.once(3) ? [0xfd, 0xeb] : [0, 0, 0xfd, 0xea])) }
  }
  if (!has(5)) attributes.push({ flags: 0x40, code: 5, value: Uint8Array.of(0, 0, 0, chance.octet()) })
  if (!has(REACH) && !has(UNREACH)) attributes.unshift({ flags: 0x80, code: REACH, value: IMET_REACH })
  const plain = chance.once(4) ? {} : { withdrawn: new Uint8Array(0), nlri: new Uint8Array(0) }
  return { ...pieces, attributes, ...plain }
}

function changeOpen(pieces: OpenPieces, chance: Chance, choose: () => Uint8Array): OpenPieces {
  const { capabilities } = pieces
  const place = chance.below(capabilities.length || 1)
  const one = capabilities[place]
  switch (chance.below(one === undefined ? 5 : 11)) {
    case 0:
      return { ...pieces, fixed: bent(pieces.fixed, chance) }
    case 1:
      return { ...pieces, long: !pieces.long }
    case 2: {
      const other = takeApart(choose())
      return other.type === 1 ? { ...pieces, capabilities: [...capabilities, ...other.capabilities] } : pieces
    }
    case 3:
      // The AS and identifier that the session waits for.
      return { ...pieces, fixed: Uint8Array.of(4, 0xfd, 0xe9, 0, chance.pick([0, 3, 90]), 192, 0, 2, 1 + chance.below(254)) }
    case 4:
      return {
        ...pieces,
        capabilities: [
          ...capabilities.filter(({ type }) => type !== 65 && type !== 1),
          { type: 65, value: Uint8Array.of(0, 0, 0xfd, 0xe9) },
          { type: 1, value: Uint8Array.of(0, 25, 0, 70) },
        ],
      }
    case 5:
      return { ...pieces, capabilities: capabilities.toSpliced(place, 1) }
    case 6:
      return { ...pieces, capabilities: capabilities.toSpliced(place, 0, one!) }
    case 7:
      return { ...pieces, capabilities: capabilities.with(place, { ...one!, lie: chance.pick([-1, 1, 2, 255]) }) }
    case 9:
      return { ...pieces, lie: chance.pick([-2, -1, 1, 2, 3, 255]) }
    case 8:
      return { ...pieces, oneParameter: !pieces.oneParameter }
    default:
      return {
        ...pieces,
        capabilities: capabilities.with(place, { type: chance.once(4) ? chance.octet() : one!.type, value: bent(one!.value, chance) }),
      }
  }
}

/** One small change to a run of octets. */
function bent(octets: Uint8Array, chance: Chance): Uint8Array {
  const out = Uint8Array.from(octets)
  const at = chance.below(out.length || 1)
  switch (chance.below(8)) {
    case 0:
      return out.slice(0, at)
    case 1:
      return join(out, chance.octets(1 + chance.below(chance.once(16) ? 300 : 9)))
    case 2:
      return join(out.subarray(0, at), chance.octets(1 + chance.below(4)), out.subarray(at))
    case 3: {
      const length = Math.min(chance.pick([1, 2, 4]), out.length - at)
      if (length > 0) out.fill(chance.pick([0, 0xff]), at, at + length)
      return out
    }
    case 4:
      return join(out.subarray(0, at), out.subarray(at + 1 + chance.below(4)))
    case 5:
      if (out.length > 0) out[at] = chance.octet()
      return out
    default:
      for (let flips = 1 + chance.below(3); flips > 0; flips--) {
        const place = chance.below(out.length || 1)
        if (place < out.length) out[place]! ^= 1 << chance.below(8)
      }
      return out
  }
}

/** Damage to the whole, headers included. */
function damaged(octets: Uint8Array, chance: Chance, choose: () => Uint8Array): Uint8Array {
  switch (chance.below(6)) {
    case 0:
      return bent(octets, chance)
    case 1:
      return spliced(octets, choose(), chance)
    case 2:
      return join(octets, choose())
    case 3: {
      const out = Uint8Array.from(octets)
      if (out.length > 18)
        out.set(two(chance.pick([0, 18, 19, 20, 22, 23, 28, 29, 4095, 4096, 4097, 65535, out.length - 1, out.length + 1])), 16)
      return out
    }
    case 4: {
      const out = Uint8Array.from(octets)
      if (out.length > 22) out.set(two(number16(out, 19) + chance.pick([-1, 1, 4, 255])), 19)
      return out
    }
    default: {
      const out = Uint8Array.from(octets)
      const at = chance.below(out.length || 1)
      if (out.length > 0) out[at] = chance.octet()
      return out
    }
  }
}

function spliced(a: Uint8Array, b: Uint8Array, chance: Chance): Uint8Array {
  return join(a.subarray(0, chance.below(a.length + 1)), b.subarray(chance.below(b.length + 1)))
}

/** Marker and length put right. */
function framed(octets: Uint8Array): Uint8Array {
  const out = Uint8Array.from(octets.subarray(0, 65535))
  if (out.length < 19) return out
  out.fill(0xff, 0, 16)
  out.set(two(out.length), 16)
  return out
}

function prefixes(chance: Chance): Uint8Array {
  return join(
    ...Array.from({ length: chance.below(4) }, () => {
      const bits = chance.below(33)
      return [bits, ...chance.octets((bits + 7) >>> 3)]
    }),
  )
}
