/** What crosses through gateways, a slice at a time; and what crossed before other settings, until what crosses now has been told. */
import type { Gateways } from '../federation/gateway/gateways.ts'
import type { Changes } from '../rib/changes.ts'
import type { World } from '../speaker/world.ts'

/** Mappings that are told through gateways in one go. */
const SLICE = 1024

export class CrossingTurns {
  private readonly world: World
  private crossing: Gateways | null = null
  /** What crossed before: taken back only when what crosses now has been told, so that what is the same is never gone. */
  private replaced: Gateways[] = []
  private due = false
  private readonly turn = (): void => {
    this.due = false
    this.crossing?.advance(SLICE)
    this.goOn()
  }

  constructor(world: World) {
    this.world = world
  }

  /** null: nothing crosses through gateways. */
  get gateways(): Gateways | null {
    return this.crossing
  }

  /** This crosses from now on. */
  replace(gateways: Gateways | null): void {
    if (this.crossing !== null) this.replaced.push(this.crossing)
    this.crossing = gateways
    this.goOn()
  }

  follow(changes: Changes): void {
    if (this.crossing === null) return
    this.crossing.follow(changes)
    this.goOn()
  }

  /** Asks again which gateways are up. */
  judge(): void {
    this.crossing?.judge()
    this.goOn()
  }

  private goOn(): void {
    if (this.crossing?.busy !== true) {
      for (const gateways of this.replaced) gateways.close()
      this.replaced = []
      return
    }
    if (this.due) return
    this.due = true
    this.world.soon(this.turn)
  }
}
