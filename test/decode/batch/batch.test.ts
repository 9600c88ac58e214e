import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { answerLine, Batch, type BatchAnswer } from '../../../src/decode/batch/batch.ts'
import { WRITTEN_OTHERWISE } from '../../wire/vectors.ts'

const folder = new URL('../../vectors/', import.meta.url)
const linesOf = (name: string) => readFileSync(new URL(name, folder), 'utf8').trim().split('\n')
/** Ours tell what is to be done in any session, and do not say what is to be seen. */
const OURS = 'malformed-own.jsonl'
const shared = readdirSync(folder).filter((name) => name.endsWith('.jsonl') && name !== OURS)
const lines = shared.flatMap(linesOf)

interface Vector {
  readonly id: string
  readonly hex: string
  readonly expect: object
  readonly verdict: string
  readonly sessionVerdict?: string
}

/** "Unless a notification is given, any NOTIFICATION of code 3 will do." */
const form = (verdict: string) => (verdict.startsWith('notification:3/') ? 'session-reset' : verdict)

/** Where we say more than the vectors: in a session these end it (RFC 4271 §6.3). */
const WELL_KNOWN_UNKNOWN = ['msg-exabgp-conf-generic-attribute-2', 'msg-exabgp-conf-generic-attribute-3']

describe('a batch of all vectors', () => {
  test('is there', () => expect(lines.length).toBe(326))

  test.each(lines.map((line) => [(JSON.parse(line) as Vector).id, line] as const))('%s', (id, line) => {
    const vector = JSON.parse(line) as Vector
    const answer = JSON.parse(JSON.stringify(answerLine(line))) as BatchAnswer
    expect(answer.id).toBe(id)
    expect(form(answer.verdict)).toBe(form(vector.verdict))
    const session = vector.sessionVerdict?.split(' ')[0]
    expect(answer.sessionVerdict).toBe(WELL_KNOWN_UNKNOWN.includes(id) ? 'notification:3/2' : session)
    expect(answer.decoded).toEqual(vector.expect)
    if (vector.verdict !== 'ok') expect(answer.encoded).toBeNull()
    else expect(answer.encoded === vector.hex).toBe(!(id in WRITTEN_OTHERWISE))
  })

  test.each(linesOf(OURS).map((line) => [(JSON.parse(line) as Vector).id, line] as const))('%s', (id, line) => {
    const { verdict } = JSON.parse(line) as Vector
    const answer = answerLine(line) as BatchAnswer
    expect(answer.id).toBe(id)
    expect(form(answer.sessionVerdict ?? answer.verdict)).toBe(form(verdict))
  })

  test('what is written for one that is not canonical decodes to the same', () => {
    for (const line of lines) {
      const vector = JSON.parse(line) as Vector & { kind: string; context: object }
      if (!(vector.id in WRITTEN_OTHERWISE)) continue
      const { encoded } = answerLine(line) as BatchAnswer
      const again = answerLine(JSON.stringify({ ...vector, hex: encoded })) as BatchAnswer
      const first = answerLine(line) as BatchAnswer
      const { flags: _, ...decoded } = again.decoded as { flags?: number }
      const { flags: __, ...before } = first.decoded as { flags?: number }
      expect(JSON.stringify(decoded)).toBe(JSON.stringify(before))
    }
  })
})

const MARKER = 'ff'.repeat(16)
const KEEPALIVE = `${MARKER}001304`
const OPEN = `${MARKER}001d0104fde9005a0a00000100`
const UPDATE = `${MARKER}00170200000000`

function verdict(hex: string, context: object): string {
  return (answerLine(JSON.stringify({ id: 1, kind: 'message', hex, context })) as BatchAnswer).verdict
}

describe('the verdict of a session', () => {
  test.each([
    ['an OPEN of another AS than the peer is to have', OPEN, { state: 'OpenSent', peerAs: 65002 }, 'notification:2/2'],
    ['an OPEN of the right AS', OPEN, { state: 'OpenSent', peerAs: 65001 }, 'ok'],
    ['an OPEN with our own identifier inside the AS', OPEN, { state: 'OpenSent', localId: '10.0.0.1', ibgp: true }, 'notification:2/3'],
    ['an OPEN with our own identifier from another AS', OPEN, { state: 'OpenSent', localId: '10.0.0.1', localAs: 1, ibgp: false }, 'ok'],
    ['an OPEN without a family that we want', OPEN, { state: 'OpenSent', families: ['25/70'] }, 'notification:2/7'],
    ['an OPEN with a hold time of 1 s', OPEN.replace('005a', '0001'), { state: 'OpenSent' }, 'notification:2/6'],
    ['an OPEN of version 3', OPEN.replace('0104', '0103'), { state: 'OpenSent' }, 'notification:2/1'],
    ['an UPDATE in OpenSent', UPDATE, { state: 'OpenSent' }, 'notification:5/1'],
    ['a KEEPALIVE in OpenSent', KEEPALIVE, { state: 'OpenSent' }, 'notification:5/1'],
    ['a KEEPALIVE in OpenConfirm', KEEPALIVE, { state: 'OpenConfirm' }, 'ok'],
    ['an UPDATE in OpenConfirm', UPDATE, { state: 'OpenConfirm' }, 'notification:5/2'],
    ['a ROUTE-REFRESH in OpenConfirm', `${MARKER}00170500190046`, { state: 'OpenConfirm' }, 'notification:5/2'],
    ['an OPEN in Established', OPEN, { state: 'Established' }, 'notification:5/3'],
    ['a NOTIFICATION in Established', `${MARKER}0015030602`, { state: 'Established' }, 'ok'],
    ['a bad marker in OpenSent, before the state', `00${KEEPALIVE.slice(2)}`, { state: 'OpenSent' }, 'notification:1/1'],
    ['a ROUTE-REFRESH of 24 octets', `${MARKER}0018050019004600`, { state: 'Established' }, 'notification:7/1'],
    [
      'a ROUTE-REFRESH of 24 octets without enhanced refresh',
      `${MARKER}0018050019004600`,
      { state: 'Established', enhancedRouteRefresh: false },
      'notification:1/2',
    ],
  ])('%s', (_what, hex, context, expected) => {
    expect(verdict(hex, context)).toBe(expected)
  })

  const withPath = (path: string) => {
    const attributes = `40010100${path}400304c0000201`
    const octets = attributes.length / 2
    const total = 23 + octets + 4
    return `${MARKER}${total.toString(16).padStart(4, '0')}020000${octets.toString(16).padStart(4, '0')}${attributes}180a0101`
  }
  const external = { state: 'Established', ibgp: false, peerAs: 65002 }

  test.each([
    [
      'the first AS is another than that of the peer, which is enforced',
      '4002060201 0000fde9',
      { ...external, enforceFirstAs: true },
      'treat-as-withdraw',
    ],
    ['the first AS is that of the peer', '4002060201 0000fdea', { ...external, enforceFirstAs: true }, 'ok'],
    ['the first AS is not enforced', '4002060201 0000fde9', external, 'ok'],
    ['a confederation segment from outside (RFC 5065 5)', '4002060301 0000fde9', external, 'treat-as-withdraw'],
    ['a confederation segment from inside', '4002060301 0000fde9', { ...external, confederation: true }, 'ok'],
  ])('%s', (_what, path, context, expected) => {
    expect(verdict(withPath(path.replace(' ', '')), context)).toBe(expected)
  })

  test('a message above 4096 octets is too long unless extended messages were agreed (RFC 8654 4)', () => {
    const unknown = `d0ff1000${'00'.repeat(4096)}`
    const octets = unknown.length / 2
    const hex = `${MARKER}${(23 + octets).toString(16).padStart(4, '0')}020000${octets.toString(16).padStart(4, '0')}${unknown}`
    expect(verdict(hex, { state: 'Established' })).toBe('notification:1/2')
    expect(verdict(hex, { state: 'Established', extendedMessage: true })).toBe('ok')
  })
})

describe('a bad line', () => {
  test.each([
    ['no JSON', '{"id":', null],
    ['no object', '[1]', null],
    ['an unknown kind', '{"id":"a","kind":"nlri","hex":""}', 'a'],
    ['a kind that every object has', '{"id":"a","kind":"constructor","hex":""}', 'a'],
    ['no hex', '{"id":"a","kind":"message"}', 'a'],
    ['half an octet', '{"id":"a","kind":"message","hex":"fff"}', 'a'],
    ['a context that is a list', '{"id":"a","kind":"message","hex":"ff","context":[]}', 'a'],
    ['a family that is none', '{"id":"a","kind":"message","hex":"ff","context":{"addpath":["evpn"]}}', 'a'],
    ['a state that is none', '{"id":"a","kind":"message","hex":"ff","context":{"state":"Up"}}', 'a'],
    ['a community of 7 octets', '{"id":7,"kind":"ext-community","hex":"00020000000000"}', 7],
  ])('%s gives its id and an error', (_what, line, id) => {
    expect(answerLine(line)).toEqual({ id, error: expect.any(String) })
  })

  test('does not stop the lines behind it, which come in order, whatever the pieces', () => {
    const input = `{"id":1,"hex":"${KEEPALIVE}"}\nnonsense\n\n{"id":2,"hex":""}\r\n{"id":3,"hex":"${KEEPALIVE}"}`
    for (const size of [1, 7, input.length]) {
      const out: string[] = []
      const batch = new Batch((line) => out.push(line))
      const octets = new TextEncoder().encode(input)
      for (let at = 0; at < octets.length; at += size) batch.push(octets.subarray(at, at + size))
      batch.end()
      const answers = out.map((line) => JSON.parse(line) as { id: unknown; verdict?: string; error?: string })
      expect(answers.map(({ id }) => id)).toEqual([1, null, 2, 3])
      expect(answers.map(({ verdict }) => verdict)).toEqual(['ok', undefined, 'notification:1/2', 'ok'])
    }
  })

  test('every vector cut at every octet is answered', { timeout: 60_000 }, () => {
    for (const line of lines) {
      const vector = JSON.parse(line) as Vector
      for (let octets = 0; octets < vector.hex.length / 2; octets++) {
        const answer = answerLine(JSON.stringify({ ...vector, hex: vector.hex.slice(0, 2 * octets) }))
        expect(answer.id).toBe(vector.id)
        if ('error' in answer) expect(answer.error).not.toMatch(/^internal/)
      }
    }
  })
})
