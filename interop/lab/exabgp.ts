import { fileURLToPath } from 'node:url'
import { start, stop } from './command.ts'
import type { Injector } from './gobgp.ts'
import { inside } from './namespaces.ts'
import { DOMAINS, PROBES } from './plan.ts'
import type { Workplace } from './workplace.ts'

const LAUNCHER = fileURLToPath(new URL('./exabgp-evpn.py', import.meta.url))

/** ExaBGP with the routes of exabgp-evpn.py for domain A's NVA and, the same, for the scripted peer `direct`; it dials both. */
export function startExaBgp(workplace: Workplace): Injector {
  const neighbor = (address: string) => `neighbor ${address} {
  router-id ${PROBES.exabgp};
  local-address ${PROBES.exabgp};
  local-as ${DOMAINS.a.asn};
  peer-as ${DOMAINS.a.asn};
  hold-time 30;
  family { l2vpn evpn; }
}
`
  const file = workplace.file('exabgp.conf', neighbor(DOMAINS.a.nvaV4) + neighbor(PROBES.direct))
  // the interpreter that Debian's package is installed for, whatever stands first in PATH
  const daemon = start(inside('probes', '/usr/bin/python3', '-W', 'ignore', LAUNCHER, file), {
    env: { exabgp_daemon_user: 'root', exabgp_api_cli: 'false', exabgp_log_level: 'INFO', exabgp_tcp_once: 'false' },
  })
  return {
    async stop() {
      await stop(daemon)
    },
    output: () => daemon.output(),
  }
}
