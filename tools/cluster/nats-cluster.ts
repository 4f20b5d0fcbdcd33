import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { NatsBinary } from '../../internal/local/nats-binary.ts'
import { answers } from '../../internal/local/nats-server.ts'
import {
  becomesReady,
  logTail,
  spawnServer,
  type ServerProcess,
} from '../../internal/local/server-process.ts'
import { freePort } from '../../internal/local/system.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { streams } from '../../internal/platform/streams.ts'

/** One server of the cluster. */
export type Node = {
  readonly name: string
  readonly url: string
  readonly start: () => Promise<void>
  /** As `kill -9`. */
  readonly kill: () => Promise<void>
}

export const nodeNames = ['n1', 'n2', 'n3'] as const

const readyTimeoutMs = 30_000
/** `STREAM_MAX_BYTES` of the stack on this cluster. */
export const streamBytes = 268_435_456
/** Each server has room for every stream of the product and for one of the campaign's. */
const storeBytes = (streams.length + 1) * streamBytes

/** Three servers on loopback that know each other by routes. */
export async function openCluster(scope: Scope, binary: NatsBinary, dir: string): Promise<readonly Node[]> {
  const places = []
  for (const name of nodeNames) places.push({ name, port: await freePort(), routePort: await freePort() })
  const routes = places.map(({ routePort }) => `nats://127.0.0.1:${routePort}`)
  const nodes = await Promise.all(
    places.map((place) => openNode(binary, path.join(dir, place.name), place, routes)),
  )
  for (const node of nodes) scope.onClose(`nats-server ${node.name}`, node.kill)
  await Promise.all(nodes.map((node) => node.start()))
  return nodes
}

type Place = { readonly name: string; readonly port: number; readonly routePort: number }

async function openNode(
  binary: NatsBinary,
  dir: string,
  { name, port, routePort }: Place,
  routes: readonly string[],
): Promise<Node> {
  await mkdir(dir, { recursive: true })
  const configFile = path.join(dir, 'nats.conf')
  const logFile = path.join(dir, 'nats.log')
  const config = [
    `server_name: ${name}`,
    'host: 127.0.0.1',
    `port: ${port}`,
    `jetstream { store_dir: ${JSON.stringify(path.join(dir, 'store'))}, max_file_store: ${storeBytes} }`,
    `cluster { name: tillstream, host: 127.0.0.1, port: ${routePort}, routes: [${routes.join(', ')}] }`,
    '',
  ]
  await writeFile(configFile, config.join('\n'))
  let server: ServerProcess | undefined
  return {
    name,
    url: `nats://127.0.0.1:${port}`,
    async start() {
      const started = await spawnServer({
        file: binary.file,
        args: ['-c', configFile],
        logFile,
        lastSignal: 'SIGKILL',
      })
      server = started
      if (!(await becomesReady(started, () => answers(port), readyTimeoutMs)))
        throw new Error(`nats-server ${name} does not start:\n${logTail(logFile)}`)
    },
    async kill() {
      await server?.kill()
      server = undefined
    },
  }
}
