/**
 * The log of what becomes of other domains and of shared VNs: nothing that happens says it by itself, so it is looked at again and again. What comes and goes with a session is no news: a state
 * is told when it has been the same at two looks.
 */
import type { FederatedDomainView, FederationView, SharedVnView } from '../api/schema/federation.ts'
import type { World } from '../speaker/world.ts'
import type { Logger } from '../telemetry/logger.ts'

const LOOK_EVERY_MS = 10_000
/** VNs that one line names. */
const NAMED_MOST = 20

type State = Exclude<SharedVnView['state'], 'down'>

const MESSAGE: Readonly<Record<State, string>> = {
  agreed: 'VNs cross',
  offered: 'VNs are shared here, and nothing of them comes from the domain',
  'asked-for': 'VNs come from the domain that are not shared here',
  mismatch: 'VNs do not come as they were agreed',
  'no-gateway': 'VNs do not cross: no gateway of theirs is up',
}

/** Of a domain: some NVA of it is there; all are lost, and its routes stand yet; or nothing of it is left. */
type Presence = 'there' | 'stale' | 'lost'

interface Known<Value> {
  /** At the last look. */
  readonly seen: Value | null
  readonly told: Value | null
}

interface KnownDomain {
  presence: Known<Presence>
  /** Whether it names next hops of ours. */
  naming: Known<boolean>
  readonly vns: Map<string, Known<State>>
}

const UNKNOWN = { seen: null, told: null }

/** By VN. */
type News = Map<string, { readonly state: State; readonly crossed: boolean }>

/** Looks until the returned function is called. `view`: with routes for examples, or without, which costs little. */
export function logAgreements(log: Logger, world: Pick<World, 'after'>, view: (examples: boolean) => FederationView): () => void {
  const domains = new Map<string, KnownDomain>()
  const look = () => {
    const { domains: shown } = view(false)
    const news = new Map(shown.map((domain) => [domain.name, newsOf(domain, knownOf(domains, domain.name).vns)]))
    for (const domain of shown) {
      tellPresence(log, domain, knownOf(domains, domain.name))
      tellNextHops(log, domain, knownOf(domains, domain.name))
    }
    if ([...news.values()].some(({ size }) => size > 0))
      for (const domain of view(true).domains) tell(log, domain, news.get(domain.name) ?? new Map())
    for (const name of domains.keys()) if (!shown.some((domain) => domain.name === name)) domains.delete(name)
    alarm = world.after(LOOK_EVERY_MS, look)
  }
  let alarm = world.after(LOOK_EVERY_MS, look)
  return () => alarm.cancel()
}

/** What is to be told of which VN; true: it crossed before. */
function newsOf({ vns }: FederatedDomainView, known: Map<string, Known<State>>): News {
  const news: News = new Map()
  for (const shared of vns) {
    const state = stateOf(shared)
    // That no session stands has been told, and what was before may be again.
    if (state === null) continue
    const before = known.get(shared.vn) ?? UNKNOWN
    const due = isDue(before, state)
    known.set(shared.vn, { seen: state, told: due ? state : before.told })
    if (due) news.set(shared.vn, { state, crossed: before.told === 'agreed' })
  }
  for (const vn of known.keys()) if (!vns.some((shared) => shared.vn === vn)) known.delete(vn)
  return news
}

/** A line for each state. */
function tell(log: Logger, { name: domain, vns }: FederatedDomainView, news: News): void {
  for (const state of new Set([...news.values()].map((one) => one.state))) {
    const those = vns.filter(({ vn }) => news.get(vn)?.state === state)
    const found = those.flatMap((one) => one.found.map((what) => `${one.vn}: ${what}`)).slice(0, NAMED_MOST)
    const fields = { domain, vns: those.map(({ vn }) => vn).slice(0, NAMED_MOST), number: those.length }
    const crossed = those.some(({ vn }) => news.get(vn)?.crossed)
    const bad = state === 'mismatch' || state === 'no-gateway' || (state === 'offered' && crossed)
    log[bad ? 'warn' : 'info'](found.length === 0 ? fields : { ...fields, found }, MESSAGE[state])
  }
}

/** Null: nothing to say. Limits have lines of their own. */
function stateOf({ state, mismatch, routesIn }: SharedVnView): State | null {
  if (state === 'down') return null
  if (state === 'mismatch' && mismatch.every((what) => what === 'limits')) return routesIn > 0 ? 'agreed' : null
  return state
}

function tellPresence(log: Logger, { name: domain, peers, staleForSeconds }: FederatedDomainView, known: KnownDomain): void {
  const there = peers.some(({ state }) => state === 'Established')
  const presence: Presence = there ? 'there' : staleForSeconds === null ? 'lost' : 'stale'
  const { presence: before } = known
  const due = isDue(before, presence)
  known.presence = { seen: presence, told: due ? presence : before.told }
  if (!due) return
  const why = Object.fromEntries(peers.map(({ name, lastError }) => [name, lastError]))
  if (presence === 'stale')
    log.warn({ domain, staleForSeconds, why }, 'domain lost: none of its NVAs is there, and its routes stand for a while yet')
  else if (presence === 'lost' && before.told === null)
    log.warn({ domain, why }, 'domain not there: no NVA of it has come, and nothing crosses')
  else if (presence === 'lost') log.error({ domain, why }, 'domain lost: none of its NVAs is there, and nothing crosses')
  else if (before.told !== null) log.info({ domain }, 'domain is back')
}

function tellNextHops(log: Logger, { name: domain, ownNextHops }: FederatedDomainView, known: KnownDomain): void {
  const names = ownNextHops.length > 0
  const { naming: before } = known
  const due = isDue(before, names)
  known.naming = { seen: names, told: due ? names : before.told }
  if (!due) return
  if (names)
    log.warn(
      { domain, nextHops: ownNextHops.slice(0, NAMED_MOST), number: ownNextHops.length },
      'the domain names next hops of our own domain: routes with them are refused',
    )
  else if (before.told !== null) log.info({ domain }, 'the domain names no next hop of our own domain any more')
}

function isDue<Value>({ seen, told }: Known<Value>, now: Value): boolean {
  return seen === now && told !== now
}

function knownOf(domains: Map<string, KnownDomain>, name: string): KnownDomain {
  const known = domains.get(name) ?? { presence: UNKNOWN, naming: UNKNOWN, vns: new Map<string, Known<State>>() }
  domains.set(name, known)
  return known
}
