/** Who is who in the demo: two NV domains on loopback addresses, and the configuration file of each process. */

/** Above 1023: no privileges needed. */
export const DEMO_PORT = 17900
export const WEB = { name: 'web', vni: 10100 }
export const VAULT = { name: 'vault', vni: 10999, routeTarget: '65000:10999' }

export interface NvaPlan {
  readonly name: string
  readonly asn: number
  readonly address: string
}

export interface EdgePlan {
  readonly name: string
  readonly nva: NvaPlan
  readonly address: string
}

export const AMS: NvaPlan = { name: 'ams', asn: 65001, address: '127.77.1.1' }
export const FRA: NvaPlan = { name: 'fra', asn: 65002, address: '127.77.2.1' }
export const NVAS: readonly NvaPlan[] = [AMS, FRA]

export const A1: EdgePlan = { name: 'a1', nva: AMS, address: '127.77.1.11' }
export const A2: EdgePlan = { name: 'a2', nva: AMS, address: '127.77.1.12' }
export const B1: EdgePlan = { name: 'b1', nva: FRA, address: '127.77.2.11' }
export const B2: EdgePlan = { name: 'b2', nva: FRA, address: '127.77.2.12' }
export const EDGES: readonly EdgePlan[] = [A1, A2, B1, B2]

export const PICTURE = `
      NV domain ams, AS 65001                        NV domain fra, AS 65002

   a1 127.77.1.11 \\                                      / b1 127.77.2.11
                   ams 127.77.1.1 ===== eBGP ===== fra 127.77.2.1
   a2 127.77.1.12 /            federation agreement:     \\ b2 127.77.2.12
                               share web, and no more

   VN web    VNI 10100 in both domains, shared
   VN vault  VNI 10999 and route target 65000:10999 in both domains, private: only the numbers are the same
`

/** Names of the files of a process, in the folder of the demo. */
export function filesOf(name: string): { config: string; socket: string; log: string } {
  return { config: `${name}.yaml`, socket: `${name}.sock`, log: `${name}.log` }
}

/** The file of an NVA. Its edges and, of two NVAs, the second one's dial. Times are short, so that nobody waits for a retry. */
export function nvaFile(nva: NvaPlan, port: number): string {
  const other = nva === AMS ? FRA : AMS
  const peers = EDGES.filter((edge) => edge.nva === nva).map(({ name, address }) => `  ${name}: { address: ${address}, group: edges }`)
  return `# ${nva.name}: the NVA of NV domain ${nva.name}
nva:
  name: ${nva.name}
  domain: ${nva.name}
  asn: ${nva.asn}
  routerId: ${nva.address}
  listen: ["${nva.address}:${port}"]
  api: { socket: ${filesOf(nva.name).socket} }

${vns()}
peerGroups:
  edges: { role: nve, passive: true, holdTime: 9 }
peers:
${peers.join('\n')}

federation:
  region: loopback
  domains:
    ${other.name}:
      asn: ${other.asn}
      peers: ["${other.address}:${port}"]
      localAddress: ${nva.address}
      passive: ${nva === AMS}
      holdTime: 9
      connectRetry: 1
      share:
        ${WEB.name}: { vni: ${WEB.vni} }
`
}

/** The file of an edge: its loopback address is its VTEP too. */
export function edgeFile({ name, nva, address }: EdgePlan, port: number): string {
  return `# ${name}: an edge of NV domain ${nva.name}, without a data plane
nve:
  name: ${name}
  asn: ${nva.asn}
  routerId: ${address}
  vtep: ${address}
  nvas: ["${nva.address}:${port}"]
  localAddress: ${address}
  holdTime: 9
  connectRetry: 1
  api: { socket: ${filesOf(name).socket} }

${vns()}`
}

function vns(): string {
  return `vns:
  ${WEB.name}: { vni: ${WEB.vni} }
  ${VAULT.name}: { vni: ${VAULT.vni}, routeTargets: { import: ["${VAULT.routeTarget}"], export: ["${VAULT.routeTarget}"] } }
`
}
