/**
 * What befalls two domains in whatever order, drawn from the seed of their region: hosts that start and die, ways between them that part and heal, and quiet in
 * the end. What else happens meanwhile is for each test.
 */
import { ADDRESS, type HostName, type TwoDomains } from './two-domains.ts'

export const HOSTS = Object.keys(ADDRESS) as HostName[]
export const MACS = Array.from({ length: 6 }, (_, i) => `02:00:00:00:00:0${i}`)

/** Beyond every time for which a MAC is frozen. */
const QUIET_MS = 75_000

export class Turmoil {
  private readonly world: TwoDomains
  private readonly down = new Set<HostName>(HOSTS)
  private readonly parted: [HostName, HostName][] = []

  /** Starts most of the hosts, one after the other. */
  constructor(world: TwoDomains) {
    this.world = world
    for (const host of HOSTS) {
      if (world.region.random() < 0.8) {
        world.start(host)
        this.down.delete(host)
      }
      world.run(Math.floor(world.region.random() * 500))
    }
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.world.region.random() * list.length)]!
  }

  /** Kills a host, or starts one that is down. */
  killOrStart(host: HostName): void {
    if (this.down.delete(host)) this.world.start(host)
    else {
      this.world.kill(host)
      this.down.add(host)
    }
  }

  /** Parts a host from any other. */
  part(host: HostName): void {
    const other = this.pick(HOSTS)
    if (other === host) return
    this.world.region.partition(ADDRESS[host], ADDRESS[other])
    this.parted.push([host, other])
  }

  /** Heals what was parted last. */
  heal(): void {
    const pair = this.parted.pop()
    if (pair !== undefined) this.world.region.heal(ADDRESS[pair[0]], ADDRESS[pair[1]])
  }

  /** Lets some time go by: mostly little, now and then up to 20 s. */
  wait(): void {
    this.world.run(Math.floor(this.world.region.random() ** 4 * 20_000))
  }

  /** Heals and starts everything. */
  end(): void {
    for (const [a, b] of this.parted) this.world.region.heal(ADDRESS[a], ADDRESS[b])
    for (const host of this.down) this.world.start(host)
  }

  /** Until all sessions are up and nothing is on its way any more. */
  settle(): void {
    this.world.until(() => this.world.allUp, 300_000)
    this.world.run(QUIET_MS)
  }
}
