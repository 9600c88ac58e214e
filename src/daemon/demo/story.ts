/** What the demo shows, step by step. Every claim is judged from what the running processes say. */
import type { Mapping } from '../../nve/mapping-table.ts'
import type { Page } from './page.ts'
import { A1, A2, AMS, B1, B2, EDGES, type EdgePlan, FRA, NVAS, PICTURE, VAULT, WEB } from './plan.ts'
import type { DemoRegion } from './region.ts'
import { Stuck } from './until.ts'

export interface Verdict {
  readonly claim: string
  readonly good: boolean
}

/** Tenant systems by what they are for. */
const SHOP = { mac: '02:00:00:00:01:01', ip: '10.1.0.1' }
const CART = { mac: '02:00:00:00:01:02', ip: '10.1.0.2' }
const SAFE_AMS = { mac: '02:00:00:00:09:01', ip: '10.9.0.1' }
const SAFE_FRA = { mac: '02:00:00:00:09:02', ip: '10.9.0.1' }

/** Tells the story on `page`. Returns a verdict per claim; a claim that could not be reached is not good. */
export async function tell(region: DemoRegion, page: Page): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  const claim = (text: string, good: boolean): void => {
    verdicts.push({ claim: text, good })
    page.verdict(good, text)
  }
  page.line(PICTURE.trimEnd())
  const chapters = [start, attach, move, loss]
  for (const chapter of chapters) {
    try {
      await chapter(region, page, claim)
    } catch (error) {
      if (!(error instanceof Stuck)) throw error
      claim(error.message, false)
      break
    }
  }
  return verdicts
}

type Claim = (text: string, good: boolean) => void

async function start(region: DemoRegion, page: Page, claim: Claim): Promise<void> {
  page.step('Six processes start: a fednva and two edges per domain')
  region.startAll()
  const milliseconds = await region.sessionsUp(NVAS)
  page.fact('5 BGP sessions stand: a1-ams, a2-ams, b1-fra, b2-fra (iBGP), ams-fra (eBGP)', milliseconds)
  claim('every session comes up', true)
}

async function attach(region: DemoRegion, page: Page, claim: Claim): Promise<void> {
  page.step('Tenant systems are attached, two in each VN')
  // The vault first: when what was announced after it has arrived over the same sessions, it would have arrived too.
  for (const [edge, vn, { mac, ip }] of [
    [A1, VAULT, SAFE_AMS],
    [B1, VAULT, SAFE_FRA],
    [A1, WEB, SHOP],
    [B1, WEB, CART],
  ] as const) {
    await region.tell(edge, `attach ${vn.name} ${mac} ${ip}`)
    page.fact(`${edge.name}: attach ${vn.name} ${mac} ${ip}`)
  }
  page.fact('(the same address 10.9.0.1 in both vaults: they have nothing to do with each other)')
  await Promise.all([
    ...[A2, B1, B2].map((edge) => region.sees(edge, WEB.name, SHOP.mac, A1.address)),
    ...[A1, A2, B2].map((edge) => region.sees(edge, WEB.name, CART.mac, B1.address)),
    region.sees(A2, VAULT.name, SAFE_AMS.mac, A1.address),
    region.sees(B2, VAULT.name, SAFE_FRA.mac, B1.address),
  ])
  page.line()
  await tables(region, page)
  page.line()
  claim('the shared VN web crosses, from ams to fra and from fra to ams', true)
  claim('the private VN vault does not, although VNI and route target are the same on both sides', await vaultIsPrivate(region))
  const crossed = await Promise.all([region.routesFrom(FRA, `ams/${AMS.address}`), region.routesFrom(AMS, `fra/${FRA.address}`)])
  const kinds = new Set(crossed.flat().map(({ vns }) => vns.join('+')))
  claim(
    `nothing but web passes between the NVAs: ${crossed[0].length} routes from ams, ${crossed[1].length} from fra`,
    kinds.size === 1 && kinds.has(WEB.name),
  )
}

async function move(region: DemoRegion, page: Page, claim: Claim): Promise<void> {
  page.step(`A tenant system moves: ${SHOP.mac} from a1 to a2, then to b2 in the other domain`)
  let sequence = 0
  for (const [from, to] of [
    [A1, A2],
    [A2, B2],
  ] as const) {
    await region.tell(to, `attach ${WEB.name} ${SHOP.mac} ${SHOP.ip}`)
    const began = performance.now()
    const others = EDGES.filter((edge) => edge !== to)
    sequence++
    const found = await Promise.all(others.map((edge) => region.sees(edge, WEB.name, SHOP.mac, to.address, sequence)))
    page.fact(
      `${from.name} -> ${to.name}: ${others.map(({ name }) => name).join(', ')} see it behind ${to.address}, sequence ${found.map((mapping) => mapping.sequence).join(', ')}`,
      performance.now() - began,
    )
    await region.until(`${from.name} lets it go`, async () => ((await attachedMacs(region, from)).includes(SHOP.mac) ? null : true))
  }
  claim('a moved tenant system is followed everywhere, across domains too, with rising MAC mobility sequence', true)
}

async function loss(region: DemoRegion, page: Page, claim: Claim): Promise<void> {
  page.step('The NVA of fra dies (kill -9) and comes back')
  const inside = await region.mappings(A2, VAULT.name)
  await region.kill(FRA)
  const gone = await region.until('ams forgets what came from fra', async () => {
    const left = await Promise.all([A1, A2].map((edge) => region.mappings(edge, WEB.name)))
    return left.flat().every(({ vtep }) => inDomainOf(A1, vtep)) ? true : null
  })
  page.fact('ams: mappings of fra are withdrawn', gone.milliseconds)
  const still = JSON.stringify(await region.mappings(A2, VAULT.name)) === JSON.stringify(inside)
  claim('the loss of an NVA leaves the other domain as it was', still && inside.length > 0)
  region.startNva(FRA)
  const milliseconds = await region.sessionsUp(NVAS)
  await Promise.all(
    [A1, A2].flatMap((edge) => [region.sees(edge, WEB.name, SHOP.mac, B2.address), region.sees(edge, WEB.name, CART.mac, B1.address)]),
  )
  page.fact('fra is started again; its sessions stand, and its tenant systems are known in ams', milliseconds)
  claim('its return restores the crossing', await vaultIsPrivate(region))
}

/** What every edge holds, side by side. */
async function tables(region: DemoRegion, page: Page): Promise<void> {
  const rows: string[][] = []
  for (const edge of EDGES) {
    for (const vn of [WEB, VAULT]) {
      for (const { mac, ips, vtep, sequence } of await region.mappings(edge, vn.name)) {
        const where = EDGES.find(({ address }) => address === vtep)
        const side = where?.nva === edge.nva ? 'same domain' : 'other domain'
        rows.push([edge.name, vn.name, mac, ips.join(' '), `${where?.name ?? '?'} ${vtep}`, String(sequence), side])
      }
    }
  }
  page.table(['edge', 'VN', 'MAC', 'address', 'is behind', 'seq', ''], rows)
}

/** Whether no edge has a vault mapping of the other domain. */
async function vaultIsPrivate(region: DemoRegion): Promise<boolean> {
  const seen = await Promise.all(EDGES.map(async (edge) => [edge, await region.mappings(edge, VAULT.name)] as const))
  return seen.every(([edge, mappings]: readonly [EdgePlan, readonly Mapping[]]) => mappings.every(({ vtep }) => inDomainOf(edge, vtep)))
}

function inDomainOf(edge: EdgePlan, vtep: string): boolean {
  return EDGES.find(({ address }) => address === vtep)?.nva === edge.nva
}

async function attachedMacs(region: DemoRegion, edge: EdgePlan): Promise<string[]> {
  return (await region.tenants(edge)).map(({ mac }) => mac)
}
