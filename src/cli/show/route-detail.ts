/** `fednva show routes --detail` for people: a route with all that is known of it, a line for each kind of thing that it has. */
import type { RouteRow } from '../../api/schema/routes.ts'
import { formatDuration, harmless } from '../table.ts'
import { coloured } from '../terminal.ts'
import { sourceOf, unusual } from './route-view.ts'

export function formatRoute(row: RouteRow): string {
  const { mobility } = row
  const standing = row.best ? coloured('green', 'chosen') : row.accepted ? 'may be chosen' : coloured('red', 'not used')
  const age = row.ageSeconds === null ? '' : `, for ${formatDuration(row.ageSeconds)}`
  const why = unusual(row)
  const lines: readonly (readonly [what: string, said: string | number | null])[] = [
    ['VN', row.vns.join(' ')],
    ['next hop', row.nextHop],
    ['VNI', row.vnis.join(' ')],
    ['ESI', row.esi === NO_ESI ? null : row.esi],
    ['gateway', row.gatewayIp],
    ['route targets', row.routeTargets.join(' ')],
    ['other extended communities', row.extCommunities.filter((text) => !text.startsWith('RT:')).join(' ')],
    ['communities', row.communities.join(' ')],
    ['AS path', row.asPath],
    ['origin', row.origin],
    ['local preference', row.localPref],
    ['MED', row.med],
    ['mobility', mobility === null ? null : `sequence ${mobility.sequence}${mobility.sticky ? ', sticky' : ''}`],
    ['originator', row.originatorId],
    ['cluster list', row.clusterList.join(' ')],
  ]
  return [
    `${row.rd === null ? '' : `${row.rd} `}${row.route}`,
    `  ${standing}, from ${sourceOf(row)}${age}${why === '' ? '' : `: ${why}`}`,
    ...lines.flatMap(([what, said]) => (said === null || said === '' ? [] : [`  ${what} ${said}`])),
  ]
    .map(harmless)
    .join('\n')
}

/** Of a single-homed host (RFC 7432 §5). */
const NO_ESI = '00:00:00:00:00:00:00:00:00:00'
