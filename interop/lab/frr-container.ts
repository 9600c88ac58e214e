/**
 * FRR of an NVE in a container. The container shares the host's network and steps into the NVE's namespace itself, which podman and docker
 * both allow; links, bridges and VXLAN devices are the same as without containers.
 */
import { start } from './command.ts'
import { type ContainerEngine, engineMust, engineRun } from './container-engine.ts'
import { bgpdArguments, FRR_BIN, type FrrRunner, zebraArguments } from './frr.ts'
import { fullName } from './namespaces.ts'
import { Unmet, untilTrue } from './until.ts'

export interface ContainerRunner extends FrrRunner {
  /** Removes all containers of this run. */
  remove(): Promise<void>
}

export function containerRunner(engine: ContainerEngine, image: string): ContainerRunner {
  const names: string[] = []
  return {
    async run(namespace, directory) {
      const name = fullName(namespace)
      names.push(name)
      const daemons = `${FRR_BIN}/zebra ${zebraArguments(directory).join(' ')} & exec ${FRR_BIN}/bgpd ${bgpdArguments(directory).join(' ')}`
      const program = `chown -R frr:frr ${directory} && exec nsenter --net=/run/netns/${name} sh -c '${daemons}'`
      const capabilities = ['NET_ADMIN', 'NET_RAW', 'SYS_ADMIN'].flatMap((capability) => ['--cap-add', capability])
      const mounts = ['-v', `${directory}:${directory}`, '-v', '/run/netns:/run/netns']
      const daemon = start(
        engine.argv('run', '--rm', '--name', name, '--network', 'host', ...capabilities, ...mounts, image, 'sh', '-c', program),
      )
      await untilTrue(`the container ${name} runs`, 60, async () => {
        if (daemon.ended()) throw new Unmet('it ended', daemon.output())
        return (await engineRun(engine, 'exec', name, 'true')).code === 0
      })
      return [daemon]
    },
    vtysh: (namespace, directory, command) =>
      engineMust(engine, 'exec', fullName(namespace), 'vtysh', '--vty_socket', directory, '-c', command),
    async version() {
      return (await engineMust(engine, 'run', '--rm', '--network', 'none', image, `${FRR_BIN}/bgpd`, '--version')).split('\n')[0]!
    },
    async remove() {
      if (names.length > 0) await engineRun(engine, 'rm', '-f', ...names)
    },
  }
}
