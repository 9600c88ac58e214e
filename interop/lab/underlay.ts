import { addLink, addNamespace, script } from './namespaces.ts'
import { DOMAINS, NVES, PROBES, UNDERLAY_MTU } from './plan.ts'

const CORE = 'core'

async function attach(namespace: string, domain: 'a' | 'b', v4: readonly string[], v6: string | null): Promise<void> {
  await addNamespace(namespace)
  await addLink(CORE, namespace, namespace, 'eth0', UNDERLAY_MTU)
  await script(CORE, `ip link set ${namespace} master br-${domain} up`)
  await script(
    namespace,
    [
      'ip link set eth0 up',
      ...v4.map((address) => `ip addr add ${address}/16 dev eth0`),
      ...(v6 === null ? [] : [`ip addr add ${v6}/64 dev eth0 nodad`]),
      `ip route add 10.0.0.0/14 via ${DOMAINS[domain].gateway}`,
    ].join('\n'),
  )
}

/** The router between the domains, the NVEs' and NVAs' namespaces with their addresses, and the cable between the NVAs. */
export async function buildUnderlay(): Promise<void> {
  await addNamespace(CORE)
  await script(
    CORE,
    `sysctl -qw net.ipv4.ip_forward=1
for d in a b; do
  ip link add br-$d mtu ${UNDERLAY_MTU} type bridge stp_state 0 mcast_snooping 0
  ip link set br-$d up
done
ip addr add ${DOMAINS.a.gateway}/16 dev br-a
ip addr add ${DOMAINS.b.gateway}/16 dev br-b`,
  )
  for (const nve of NVES) await attach(nve.name, nve.domain, [nve.vtep], nve.v6)
  for (const domain of Object.values(DOMAINS)) await attach(domain.nva, domain.name, [domain.nvaV4], domain.nvaV6)
  await attach('probes', 'a', Object.values(PROBES), null)
  await addLink(DOMAINS.a.nva, 'wan', DOMAINS.b.nva, 'wan', 1500)
  for (const domain of Object.values(DOMAINS)) {
    await script(domain.nva, `ip addr add ${domain.wan}/30 dev wan\nip link set wan up`)
  }
}
