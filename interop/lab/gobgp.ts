import { type Daemon, must, run, start, stop } from './command.ts'
import { inside } from './namespaces.ts'
import { DOMAINS, PROBES } from './plan.ts'
import { untilTrue } from './until.ts'
import type { Workplace } from './workplace.ts'

const NAMESPACE = 'probes'

export interface Injector {
  stop(): Promise<void>
  output(): string
}

export interface GoBgp extends Injector {
  /** `gobgp global rib add -a evpn ...` */
  add(...words: string[]): Promise<void>
  withdraw(...words: string[]): Promise<void>
}

/** gobgpd with two sessions of the same kind: one to domain A's NVA, one to the scripted peer `direct`, both dialled by it. */
export async function startGoBgp(workplace: Workplace): Promise<GoBgp> {
  const neighbor = (address: string) => `[[neighbors]]
  [neighbors.config]
    neighbor-address = "${address}"
    peer-as = ${DOMAINS.a.asn}
  [neighbors.timers.config]
    connect-retry = 1
    idle-hold-time-after-reset = 1
  [neighbors.transport.config]
    local-address = "${PROBES.gobgp}"
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "l2vpn-evpn"
`
  const file = workplace.file(
    'gobgpd.toml',
    `[global.config]
  as = ${DOMAINS.a.asn}
  router-id = "${PROBES.gobgp}"
  local-address-list = ["${PROBES.gobgp}"]
${neighbor(DOMAINS.a.nvaV4)}${neighbor(PROBES.direct)}`,
  )
  const daemon: Daemon = start(inside(NAMESPACE, 'gobgpd', '-f', file, '--api-hosts', '127.0.0.1:50051', '--pprof-disable'))
  const gobgp = (...words: string[]) => inside(NAMESPACE, 'gobgp', ...words)
  await untilTrue('gobgpd answers', 15, async () => (await run(gobgp('global'))).code === 0)
  return {
    async add(...words) {
      await must(gobgp('global', 'rib', 'add', '-a', 'evpn', ...words))
    },
    async withdraw(...words) {
      await must(gobgp('global', 'rib', 'del', '-a', 'evpn', ...words))
    },
    async stop() {
      await stop(daemon)
    },
    output: () => daemon.output(),
  }
}
