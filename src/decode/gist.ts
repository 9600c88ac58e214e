/** What a message is about, in a few words: for whoever reads a line of each. */
import type { MessageView } from '../wire/message.ts'
import { familyText } from '../wire/negotiated.ts'
import type { NlriList } from '../wire/nlri/list.ts'
import { notificationName } from '../wire/notification-codes.ts'
import type { UpdateView } from '../wire/update-view.ts'

/** `3 routes, 1 withdrawn`, `End-of-RIB of L2VPN EVPN (25/70)`, `Cease/Administrative Reset (6/4)`; empty when the name of the message says all. */
export function gist(message: MessageView | null): string {
  switch (message?.type) {
    case 'OPEN':
      return `AS ${message.myAs}, ${message.bgpId}, hold time ${message.holdTime} s`
    case 'UPDATE':
      return gistOfUpdate(message)
    case 'NOTIFICATION': {
      const { code, subcode, shutdownCommunication: said } = message
      return `${notificationName(code, subcode)} (${code}/${subcode})${said === undefined ? '' : `: ${JSON.stringify(said)}`}`
    }
    case 'ROUTE-REFRESH':
      return familyText(message)
    default:
      return ''
  }
}

function gistOfUpdate({ attributes: { mpReach, mpUnreach }, nlri, withdrawn, endOfRib }: UpdateView): string {
  if (endOfRib !== undefined) return `End-of-RIB of ${familyText(endOfRib)}`
  const routes = nlri.length + countOf(mpReach)
  const gone = withdrawn.length + countOf(mpUnreach)
  const parts = routes > 0 || gone === 0 ? [`${routes} ${routes === 1 ? 'route' : 'routes'}`] : []
  if (gone > 0) parts.push(`${gone} withdrawn`)
  return parts.join(', ')
}

function countOf(list: NlriList | undefined): number {
  return list !== undefined && 'nlri' in list ? list.nlri.length : 0
}
