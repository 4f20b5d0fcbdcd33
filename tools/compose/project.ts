import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../../internal/local/system.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { openCompose, type Compose } from './compose.ts'
import { containersOf, type Containers } from './containers.ts'
import type { Engine } from './find-engine.ts'
import { newSecret } from './shop.ts'

export type Project = {
  readonly compose: Compose
  readonly containers: Containers
  readonly url: string
  readonly sandboxUrl: string
  readonly databaseUrl: string
  readonly jwtSecret: string
  /** For scratch files. */
  readonly dir: string
  /** Ends and removes all of it, and answers with what is there all the same. */
  readonly remove: () => Promise<readonly string[]>
}

const downWithinMs = 180_000
const files = ['docker-compose.yml', 'tools/compose/published.yml']

/** docker-compose.yml under a name, ports and secrets of its own; it is removed with the scope. */
export async function openProject(scope: Scope, engine: Engine, env: NodeJS.ProcessEnv): Promise<Project> {
  const name = `tillstream-test-${randomBytes(4).toString('hex')}`
  const dir = await mkdtemp(path.join(tmpdir(), 'tillstream-compose-'))
  scope.onClose('temporary directory', () => rm(dir, { recursive: true, force: true }))
  const noSettings = path.join(dir, 'env')
  await writeFile(noSettings, '')
  const [port, postgresPort] = [await freePort(), await freePort()]
  const [sandboxPort, inboxPort] = [await freePort(), await freePort()]
  const [jwtSecret, password] = [newSecret(), newSecret()]
  const settings = {
    PORT: String(port),
    POSTGRES_PORT: String(postgresPort),
    SANDBOX_PORT: String(sandboxPort),
    INBOX_PORT: String(inboxPort),
    POSTGRES_PASSWORD: password,
    JWT_SECRET: jwtSecret,
    NATS_PASSWORD: newSecret(),
    ADMIN_PASSWORD: newSecret(),
    RATE_LIMIT_PER_MINUTE: '1000000',
  }
  const compose = openCompose({ engine, project: name, files, envFile: noSettings, settings, env })
  const containers = containersOf(engine.api, name)

  async function remove(): Promise<readonly string[]> {
    await compose.run(['down', '--volumes', '--remove-orphans', '--timeout', '30'], downWithinMs)
    const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${name}`] }))
    const { Volumes } = await engine.api.get<{
      readonly Volumes: readonly { readonly Name: string }[] | null
    }>(`/volumes?filters=${filters}`)
    const networks = await engine.api.get<readonly { readonly Name: string }[]>(
      `/networks?filters=${filters}`,
    )
    const left = [
      ...(await containers.all()).map((one) => one.name),
      ...[...(Volumes ?? []), ...networks].map((one) => one.Name),
    ]
    return left
  }
  const removal = { isDone: false }
  scope.onClose('containers', async () => {
    if (!removal.isDone) await remove()
  })
  return {
    compose,
    containers,
    dir,
    jwtSecret,
    url: `http://127.0.0.1:${port}`,
    sandboxUrl: `http://127.0.0.1:${sandboxPort}`,
    databaseUrl: `postgres://tillstream:${password}@127.0.0.1:${postgresPort}/tillstream`,
    async remove() {
      removal.isDone = true
      return remove()
    },
  }
}
