/**
 * One MAC behind FRRs of two domains, learned by both with the same sequence while the two heard nothing of each other. When they do again, one of them keeps it, all others have it there, and
 * nothing goes on: directly the lower VTEP, between gateways the lower DOMAIN-ID (`docs/macs-between-domains.md`). Who has lost says nothing more of his own accord: a frame of his host would be a move.
 */
import { evpnTable, mobilitySequence, printTable } from '../lab/evpn-table.ts'
import { GATED, GATES, tellGates } from '../lab/gated.ts'
import type { Lab } from '../lab/lab.ts'
import { removeNamespace, script } from '../lab/namespaces.ts'
import { shownPeers } from '../lab/nva-fednva.ts'
import { DOMAINS, NVES, type TenantPlan, VNS } from '../lab/plan.ts'
import { addTenant, announce, pings } from '../lab/tenants.ts'
import { throughout, Unmet, until, untilTrue } from '../lab/until.ts'
import type { Check } from './check.ts'

interface Tie {
  readonly vn: string
  readonly by: string
  readonly address: string
  readonly mac: string
  /** VNI on either side. */
  readonly vni: Readonly<Record<'a' | 'b', number>>
  readonly winner: 'a1' | 'b1'
  /** Behind what the other domain has it. */
  readonly behind: string
  /** Who asks for it in the end: a tenant beside the one that has lost. */
  readonly asks: string
}

const vtepOf = (nve: string): string => NVES.find((candidate) => candidate.name === nve)!.vtep
const vniOf = (name: string) => GATED.find((vn) => vn.name === name)!.vni
const [SHARED] = VNS
const [GATE_A] = GATES

const TIES: readonly Tie[] = [
  {
    vn: 'shared',
    by: 'directly, the lower VTEP',
    address: '192.168.100.88',
    mac: '02:00:00:00:64:88',
    vni: { a: SHARED!.vni, b: SHARED!.vni },
    winner: 'a1',
    behind: vtepOf('a1'),
    asks: 'tb1',
  },
  {
    vn: 'gated',
    by: 'between gateways, the lower DOMAIN-ID',
    address: '192.168.41.88',
    mac: '02:00:00:00:41:88',
    vni: vniOf('gated'),
    winner: 'b1',
    behind: GATE_A!.address,
    asks: 'ga1',
  },
  {
    vn: 'half',
    by: 'with a gateway at one end, the lower of what the other end sees of both',
    address: '192.168.51.88',
    mac: '02:00:00:00:51:88',
    vni: vniOf('half'),
    winner: 'a1',
    behind: GATE_A!.address,
    asks: 'hb1',
  },
]

const twins = ({ vn, vni, address, mac }: Tie): Readonly<Record<'a1' | 'b1', TenantPlan>> => ({
  a1: { name: `${vn}-twin-a1`, nve: 'a1', vni: vni.a, address, mac },
  b1: { name: `${vn}-twin-b1`, nve: 'b1', vni: vni.b, address, mac },
})

/** The two NVAs hear nothing of each other until it is ended; their cable stays up, so that it can be listened to. */
async function part(lab: Lab): Promise<void> {
  await script(DOMAINS.a.nva, `ip route add blackhole ${DOMAINS.b.wan}/32`)
  for (const domain of ['a', 'b'] as const)
    await untilTrue(`NVA ${domain} has lost the other one`, 30, async () => !(await met(lab, domain)))
}

async function join(lab: Lab): Promise<void> {
  await script(DOMAINS.a.nva, `ip route del blackhole ${DOMAINS.b.wan}/32`)
  for (const domain of ['a', 'b'] as const) await untilTrue(`NVA ${domain} has the other one again`, 60, () => met(lab, domain))
}

async function met(lab: Lab, domain: 'a' | 'b'): Promise<boolean> {
  const { wan } = DOMAINS[domain === 'a' ? 'b' : 'a']
  return (await shownPeers(DOMAINS[domain], lab.workplace)).some(({ address, state }) => address === wan && state === 'Established')
}

/** The best path of an FRR to the MAC alone: behind what, and its sequence. A path of its own is from nobody. */
async function best(lab: Lab, nve: string, mac: string): Promise<{ behind: string | null; own: boolean; sequence: number } | null> {
  const found = (await evpnTable(lab.nve(nve))).find((path) => path.best && path.mac === mac && path.ip === null)
  return found === undefined ? null : { behind: found.nextHop, own: found.from === null, sequence: mobilitySequence(found) }
}

async function settled(lab: Lab, tie: Tie): Promise<boolean> {
  const loser = tie.winner === 'a1' ? 'b1' : 'a1'
  const homes = NVES.find(({ name }) => name === tie.winner)!.domain
  for (const { name, domain } of NVES) {
    const found = await best(lab, name, tie.mac)
    const wanted = domain === homes ? vtepOf(tie.winner) : tie.behind
    if (found?.behind !== wanted || found.own !== (name === tie.winner) || found.sequence !== 0) {
      throw new Unmet(
        `${name} is to have it behind ${wanted}, unmoved`,
        printTable((await evpnTable(lab.nve(name))).filter((path) => path.mac === tie.mac)),
      )
    }
    const stale = (await evpnTable(lab.nve(name))).filter((path) => path.mac === tie.mac && path.nextHop !== wanted)
    if (stale.length > 0) throw new Unmet(`${name} has a claim of ${loser} yet`, printTable(stale))
  }
  // What counts is where the frames go: the kernel of the one that lost has it over there.
  const shown = await lab
    .nve(loser)
    .json<{ macs?: Record<string, { type?: string; remoteVtep?: string }> }>(`show evpn mac vni ${tie.vni[loser === 'a1' ? 'a' : 'b']}`)
  const entry = shown.macs?.[tie.mac]
  if (entry?.type !== 'remote' || entry.remoteVtep !== tie.behind) throw new Unmet(`${loser} forwards it: ${JSON.stringify(entry)}`)
  return true
}

export const ties: readonly Check[] = [
  {
    name: 'ties: one MAC, learned with one sequence in two domains that were parted, is at one of them when they meet',
    only: 'fednva',
    async run(lab) {
      await part(lab)
      try {
        for (const tie of TIES) {
          for (const twin of Object.values(twins(tie))) {
            await addTenant(twin)
            await until(`${twin.nve} has learned ${tie.mac}`, 20, async () => {
              await announce(twin)
              const found = await best(lab, twin.nve, tie.mac)
              if (found?.own !== true || found.sequence !== 0) throw new Unmet(`it has ${JSON.stringify(found)}`)
              return true
            })
            await script(twin.name, 'ip addr flush dev eth0')
          }
        }
      } finally {
        await join(lab)
      }
      for (const tie of TIES) await until(`${tie.vn}: ${tie.winner} has it for all (${tie.by})`, 20, () => settled(lab, tie))
      for (const tie of TIES) await throughout(`${tie.vn}: ${tie.winner} has it for all (${tie.by})`, 2, () => settled(lab, tie))
      for (const tie of TIES) {
        const { [tie.winner]: home } = twins(tie)
        await script(home.name, `ip addr add ${tie.address}/24 dev eth0`)
        await untilTrue(`${tie.asks} pings it`, 20, async () => {
          await tellGates(lab.workplace)
          return pings(tie.asks, tie.address)
        })
        await settled(lab, tie)
        for (const { name } of Object.values(twins(tie))) await removeNamespace(name)
      }
    },
  },
]
