/**
 * A lab beside the lab: one fednva with a configuration of its own, real FRRs that only listen to what they are told, and addresses for scripted peers, which
 * live in the namespace of the fednva. Addresses may be any; every FRR has a cable to the NVA.
 */
import { cpSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { must } from './command.ts'
import { type Evpn, startFrrIn } from './frr.ts'
import type { Lab } from './lab.ts'
import { addLink, addNamespace, removeNamespace, script } from './namespaces.ts'
import { fednva, runnableFednva } from './nva-fednva.ts'

export const STAGE = 'stage'
const MTU = 1500

export interface StageSpeaker {
  readonly address: string
  readonly asn: number
}

/** A row of `fednva policy explain --json`, as far as the checks read it. */
export interface Explained {
  readonly rd: string | null
  readonly mac: string | null
  readonly prefix: string | null
  readonly attributes: Readonly<Record<string, string>>
  readonly chains: readonly { readonly terms: readonly { readonly changes: readonly ExplainedChange[] }[] }[]
  readonly verdict: 'accept' | 'reject'
  readonly because: string
  readonly effective: boolean
}

export interface ExplainedChange {
  readonly what: string
  readonly after: string | null
}

export interface Stage {
  frr(address: string): Evpn
  /** Why routes of a peer come in, or why routes are told to it or not. */
  explain(peer: string, direction: 'import' | 'export'): Promise<readonly Explained[]>
  close(): Promise<void>
}

/** `file`: an example whose NVA is AS 65001 at `nva`. What lies beside it is there too. */
export async function openStage(
  lab: Lab,
  file: string,
  nva: string,
  frrs: readonly StageSpeaker[],
  scripted: readonly StageSpeaker[],
): Promise<Stage> {
  await addNamespace(STAGE)
  await script(STAGE, [nva, ...scripted.map(({ address }) => address)].map((address) => `ip addr add ${address}/32 dev lo`).join('\n'))
  const speakers = new Map<string, Evpn & { stop(): Promise<void> }>()
  const namespaces = [STAGE]
  for (const [i, { address }] of frrs.entries()) {
    const namespace = `${STAGE}-${i}`
    namespaces.push(namespace)
    await addNamespace(namespace)
    await addLink(STAGE, `to${i}`, namespace, 'eth0', MTU)
    await script(STAGE, `ip link set to${i} up\nip route add ${address}/32 dev to${i} src ${nva}`)
    await script(namespace, `ip addr add ${address}/32 dev eth0\nip link set eth0 up\nip route add ${nva}/32 dev eth0 src ${address}`)
  }
  const running = runnableFednva(STAGE, STAGE, (socket) => withSocket(lab.workplace.directory(STAGE), file, socket), lab.workplace)
  await running.start()
  for (const [i, { address, asn }] of frrs.entries()) {
    const namespace = `${STAGE}-${i}`
    const configuration = listenerConfiguration(namespace, address, asn, nva)
    speakers.set(address, await startFrrIn(lab.runner, namespace, lab.workplace.directory(namespace), configuration))
  }
  return {
    frr(address) {
      const speaker = speakers.get(address)
      if (speaker === undefined) throw new Error(`no FRR at ${address}`)
      return speaker
    },
    async explain(peer, direction) {
      const socket = join(lab.workplace.directory(STAGE), 'api.sock')
      const argv = ['policy', 'explain', '--peer', peer, '--direction', direction, '--limit', '1000', '--json', '--socket', socket]
      return (JSON.parse(await must(fednva(...argv), { timeoutSeconds: 15 })) as { routes: readonly Explained[] }).routes
    },
    async close() {
      await Promise.all([running.terminate(), ...[...speakers.values()].map((speaker) => speaker.stop())])
      for (const namespace of namespaces) await removeNamespace(namespace)
    },
  }
}

/** The text of the example with a socket that two runs do not share; the files it names are put beside it. */
function withSocket(directory: string, file: string, socket: string): string {
  cpSync(dirname(file), directory, { recursive: true })
  const text = readFileSync(file, 'utf8')
  const configured = text.replace(/^nva: \{ /m, `nva: { api: { socket: ${socket} }, `)
  if (configured === text) throw new Error(`${file} has no line that begins with nva: {`)
  return configured
}

function listenerConfiguration(name: string, address: string, asn: number, nva: string): string {
  return `hostname ${name}
router bgp ${asn}
 bgp router-id ${address}
 no bgp default ipv4-unicast
 no bgp ebgp-requires-policy
 coalesce-time 100
 timers bgp 3 9
 neighbor ${nva} remote-as 65001
 neighbor ${nva} update-source ${address}
 neighbor ${nva} timers connect 1
 neighbor ${nva} advertisement-interval 0
${asn === 65001 ? '' : ` neighbor ${nva} ebgp-multihop 5\n`} address-family l2vpn evpn
  neighbor ${nva} activate
 exit-address-family
`
}
