import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { devNull, homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '../../internal/config/config.ts'
import { readStackFile } from '../../internal/config/stack-file.ts'
import { findNatsServer } from '../../internal/local/nats-binary.ts'
import { removePostgres } from '../../internal/local/postgres-home.ts'
import type { Scope } from '../../internal/platform/run.ts'
import { spawnProcess } from '../../internal/platform/testing/spawned-process.ts'
import { withClient } from '../shared/database.ts'
import { openingStock, seedProducts, seedUsers } from '../shared/seed.ts'
import { signToken } from '../shared/token.ts'
import { openCluster, streamBytes } from './nats-cluster.ts'

export type ClusterShop = Awaited<ReturnType<typeof openClusterShop>>

export const replicas = 3
const products = 50
const customers = 50

/** Three NATS servers and one stack on them, with full shelves. */
export async function openClusterShop(scope: Scope) {
  const { searchPath, local } = loadConfig()
  const dir = await mkdtemp(path.join(tmpdir(), 'tillstream-cluster-'))
  scope.onClose('temporary directory', async () => {
    await removePostgres(dir)
    await rm(dir, { recursive: true, force: true })
  })
  await chmod(dir, 0o755) // PostgreSQL may run as another user
  const binary = await findNatsServer({ configured: local.natsServerBin, searchPath, cacheDir: '.cache' })
  const nodes = await openCluster(scope, binary, path.join(dir, 'cluster'))
  const jwtSecret = randomBytes(32).toString('base64url')
  const env = {
    PATH: searchPath,
    HOME: homedir(),
    TMPDIR: tmpdir(),
    DOTENV_CONFIG_PATH: devNull,
    NATS_URL: nodes.map(({ url }) => url).join(','),
    STREAM_REPLICAS: String(replicas),
    STREAM_MAX_BYTES: String(streamBytes),
    PORT: '0',
    DATA_DIR: dir,
    JWT_SECRET: jwtSecret,
    RATE_LIMIT_PER_MINUTE: '100000000',
    LOG_LEVEL: 'info',
  }
  const stack = spawnProcess('stack', ['dist/cmd/stack/main.js'], { env })
  scope.onClose('stack', stack.stop)
  const [, url = ''] = await stack.says(/^ready (\S+)/m)
  const file = await readStackFile(dir)
  if (!file) throw new Error(`the stack has not written ${dir}/stack.json`)
  const { databaseUrl } = file
  const seeded = await withClient(databaseUrl, async (client) => ({
    productIds: await seedProducts(client, 1, products, openingStock),
    userIds: await seedUsers(client, customers),
  }))
  const tokens = seeded.userIds.map((id) => signToken(jwtSecret, id, 'customer'))
  const natsVersion = binary.version.join('.')
  return { nodes, url, databaseUrl, natsVersion, tokens, productIds: seeded.productIds }
}
