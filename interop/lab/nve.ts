import { script } from './namespaces.ts'
import { type NvePlan, VNS } from './plan.ts'

const VXLAN_PORT = 4789
/** Underlay MTU less 50 octets of VXLAN. */
const TENANT_MTU = 1500

/** One bridge and one VXLAN device per VNI; addresses are learned by BGP and on the tenants' ports only. */
export async function buildDataPlane(nve: Pick<NvePlan, 'name' | 'vtep'>, index: number): Promise<void> {
  const lines = VNS.flatMap(({ vni }) => [
    `ip link add br${vni} address 02:01:00:0${index}:ff:${vni.toString(16)} type bridge stp_state 0 mcast_snooping 0`,
    `ip link add vx${vni} mtu ${TENANT_MTU} type vxlan id ${vni} local ${nve.vtep} dstport ${VXLAN_PORT} nolearning`,
    `ip link set vx${vni} master br${vni} up`,
    `bridge link set dev vx${vni} learning off neigh_suppress on`,
    `ip link set br${vni} up`,
    `sysctl -qw net.ipv4.conf.br${vni}.arp_accept=1`,
  ])
  await script(nve.name, lines.join('\n'))
}
