/** Finds the routes that somebody wants explained, and those that are gone. */
import { isCalled } from '../../api/peer-names.ts'
import type { ExplainQuery } from '../../api/route-query.ts'
import type { ExplainPosition } from '../../api/source.ts'
import type { GoneRefusal } from '../../speaker/explain/refusal-record.ts'
import type { Peer } from '../../speaker/peers/peer.ts'
import type { World } from '../../speaker/world.ts'
import type { Nva } from '../nva.ts'
import { explainRow } from './explain-row.ts'

type Route = NonNullable<ExplainPosition['route']>

const GONE = 'gone.'

/** Cursor: destination id, or behind all of them `gone.` and the place of a record. Several positions of one cursor are one place. */
export function* explanations(nva: Nva, world: World, query: ExplainQuery, after: string | null): Iterable<ExplainPosition> {
  const peer = [...nva.speaker.peers.values()].find(({ settings }) => isCalled(settings, query.peer))
  if (peer === undefined) return
  const among = after?.startsWith(GONE) ? Number(after.slice(GONE.length)) + 1 : 0
  if (!after?.startsWith(GONE)) yield* present(nva, query, peer, after === null ? 0 : Number(after) + 1)
  const { name } = peer.settings
  const records = nva.speaker.refusals.all()
  for (let place = among; place < records.length; place++) {
    const record = records[place]!
    const mine = !query.heldBackOnly && record.peers.includes(name) && (query.direction ?? record.direction) === record.direction
    const row = mine ? goneRow(nva, world, name, record) : null
    yield { cursor: `${GONE}${place}`, route: row, row: () => row }
  }
}

function* present(nva: Nva, { type, direction, heldBackOnly }: ExplainQuery, peer: Peer, from: number): Iterable<ExplainPosition> {
  const { speaker } = nva
  const { rib } = speaker
  const attachment = speaker.sources.sessionOf(peer)
  if (attachment === undefined) return
  const { name } = peer.settings
  const nameOf = (row: number): string | null => speaker.sources.attachments[rib.peerOf(row)]?.peer.settings.name ?? null
  for (let dest = from; dest < rib.destinations.capacity; dest++) {
    const cursor = String(dest)
    yield { cursor, route: null, row: () => null }
    if (!rib.destinations.isLive(dest) || (type !== null && rib.destinations.typeOf(dest) !== type)) continue
    for (let row = rib.firstRow(dest); row >= 0 && direction !== 'export'; row = rib.nextRow(row)) {
      if (rib.peerOf(row) !== attachment.inbound.peer || (heldBackOnly && rib.rows.used[row]! >= 0)) continue
      const explained = () => {
        const passed = speaker.explain.import(row)
        if (heldBackOnly && (passed?.heldBack ?? 0) === 0) return null
        const effective = rib.destinations.best[dest] === row
        return passed && explainRow(rib.family, { direction: 'import', peer: name, source: name, passed, effective, gone: null })
      }
      yield { cursor, route: routeOf(nva, row), row: explained }
    }
    const best = rib.destinations.best[dest]!
    if (best < 0 || direction === 'import') continue
    if (heldBackOnly && attachment.group.heldBack(dest, rib.destinations.advertised[dest]!) === 0) continue
    const explained = () => {
      const passed = speaker.explain.export(dest, attachment)
      if (passed === null) return null
      const effective = attachment.group.tells(dest, rib.destinations.advertised[dest]!)
      return explainRow(rib.family, { direction: 'export', peer: name, source: nameOf(best), passed, effective, gone: null })
    }
    yield { cursor, route: routeOf(nva, best), row: explained }
  }
}

function goneRow(nva: Nva, world: World, peer: string, { at, direction, source, passed }: GoneRefusal) {
  const gone = new Date(Date.now() - (world.now() - at)).toISOString()
  return explainRow(nva.speaker.rib.family, { direction, peer, source, passed, effective: false, gone })
}

const scratch = new Uint8Array(512)

function routeOf({ speaker: { rib } }: Nva, row: number): Route {
  const view = rib.family.read(scratch, 0, rib.writeNlri(row, scratch, 0))
  const text = (member: string): string | null => (typeof view[member] === 'string' ? view[member] : null)
  return { routeType: view.routeType, rd: text('rd'), mac: text('mac'), ip: text('ip'), prefix: text('ipPrefix') }
}
