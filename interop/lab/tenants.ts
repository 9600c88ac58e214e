import { type Daemon, run, start } from './command.ts'
import { addLink, addNamespace, inside, script } from './namespaces.ts'
import { TENANTS, type TenantPlan } from './plan.ts'
import { expect } from './until.ts'

/** A namespace with one interface behind an NVE's bridge. `active` false: it has the MAC but no address yet and keeps silent. */
export async function addTenant(tenant: TenantPlan, active = true): Promise<void> {
  await addNamespace(tenant.name)
  await addLink(tenant.nve, tenant.name, tenant.name, 'eth0', 1500)
  await script(tenant.nve, `ip link set ${tenant.name} master br${tenant.vni} up`)
  await script(
    tenant.name,
    `sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link set eth0 address ${tenant.mac}
ip link set eth0 up${active ? `\nip addr add ${tenant.address}/24 dev eth0` : ''}`,
  )
}

export async function addTenants(): Promise<void> {
  for (const tenant of TENANTS) await addTenant(tenant)
}

/** A gratuitous ARP: the NVE learns MAC and address together. */
export async function announce(tenant: TenantPlan): Promise<void> {
  await run(inside(tenant.name, 'arping', '-q', '-c', '1', '-U', '-I', 'eth0', tenant.address))
}

/** One ping, at most a second. */
export async function pings(from: string, to: string): Promise<boolean> {
  const { code } = await run(inside(from, 'ping', '-n', '-q', '-c', '1', '-W', '1', to))
  return code === 0
}

export const addressOf = (name: string): string => {
  const tenant = TENANTS.find((candidate) => candidate.name === name)
  expect(tenant !== undefined, `no tenant ${name}`)
  return tenant.address
}

export interface ContinuousPing {
  /** Ends it. `lost` are the sequence numbers that stayed without answer, the ones still under way aside. */
  finish(): Promise<{ answered: number; lost: number[] }>
}

/** The last requests may have no answer yet when a continuous ping is ended. */
const STILL_UNDER_WAY = 2

/** A ping twenty times a second, until told to finish. */
export function pingContinuously(from: string, to: string): ContinuousPing {
  const answered = new Set<number>()
  const daemon: Daemon = start(inside(from, 'ping', '-n', '-i', '0.05', '-W', '1', to), {
    onLine: (line) => {
      const sequence = /icmp_seq=(\d+) ttl=/.exec(line)?.[1]
      if (sequence !== undefined) answered.add(Number(sequence))
    },
  })
  return {
    async finish() {
      daemon.signal('SIGINT')
      await daemon.end
      const sent = Number(/(\d+) packets transmitted/.exec(daemon.output())?.[1] ?? 0)
      const lost: number[] = []
      for (let sequence = 1; sequence <= sent - STILL_UNDER_WAY; sequence++) if (!answered.has(sequence)) lost.push(sequence)
      return { answered: answered.size, lost }
    },
  }
}
