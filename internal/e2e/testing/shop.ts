import path from 'node:path'
import { type Test } from 'tap'
import { brokerUsers } from '../../platform/broker-users.ts'
import { services } from '../../services.ts'
import { roleName } from '../../platform/database-role.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { testNats, type TestBroker, type TestNats } from '../../platform/testing/nats-server.ts'
import { openApi, type Api, type OrderBody, type ProductBody } from './api.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { spawnMain, type Spawned } from './spawned.ts'

export const admin = { email: 'admin@example.com', password: 'admin-password' } as const

/** A running Tillstream with servers of its own, in one process or in many. */
export type Shop<Broker = TestNats> = {
  readonly api: Api
  readonly url: string
  readonly adminToken: string
  readonly databaseUrl: string
  readonly nats: Broker
  readonly env: Readonly<Record<string, string>>
  /** The processes by service name. When there is only one process, its name is "stack". */
  readonly processes: ReadonlyMap<string, readonly Spawned[]>
  readonly newProduct: (stock: number) => Promise<ProductBody>
  /** Waits until the order is no longer pending, and returns it. */
  readonly settled: (id: string, token: string) => Promise<OrderBody>
  /** Waits until nothing is pending and all invariants hold. Otherwise it fails with those that do not. */
  readonly auditIsClean: () => Promise<void>
}

export type OpenShop = (t: Test) => Promise<Shop>

/** Runs `npm start` on servers that exist already. */
export async function openOneProcess(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
): Promise<Shop> {
  const opened = await openServers(t)
  const servers = { ...opened, env: { ...opened.env, ...settings } }
  const stack = spawnMain(t, 'cmd/stack', servers.env)
  const [, url = ''] = await stack.says(/^ready (\S+)/m, upWithinMs)
  return openShop(t, servers, url, new Map([['stack', [stack]]]))
}

/** Runs a process for each service, and two for order and for consumer, as docker-compose does. */
export async function openManyProcesses(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
): Promise<Shop> {
  const servers = await openServers(t)
  return openProcesses(t, { ...servers, env: { ...servers.env, ...settings } })
}

/** The same on another broker. */
export async function openOnBroker<Broker extends TestBroker>(t: Test, nats: Broker): Promise<Shop<Broker>> {
  return openProcesses(t, await serversWith(t, nats))
}

/** A dozen processes start at once, maybe on a machine that does other things. */
const upWithinMs = 240_000

async function openProcesses<Broker extends TestBroker>(
  t: Test,
  servers: Servers<Broker>,
): Promise<Shop<Broker>> {
  const envOf = await openRoles(t, servers)
  const processes = new Map<string, Spawned[]>()
  const names = services.map(({ name }) => name).filter((name) => name !== 'gateway')
  for (const name of [...names, 'order', 'consumer']) {
    processes.set(name, [...(processes.get(name) ?? []), spawnMain(t, `cmd/${name}`, envOf(name))])
  }
  const gateway = spawnMain(t, 'cmd/gateway', envOf('gateway'))
  processes.set('gateway', [gateway])
  const [, url = ''] = await gateway.says(/"url":"([^"]+)"/, upWithinMs)
  const all = [...processes.values()].flat()
  await Promise.all(all.map((process) => process.says(/"msg":"started"/, upWithinMs)))
  return openShop(t, servers, url, processes)
}

type Servers<Broker = TestNats> = Pick<Shop<Broker>, 'databaseUrl' | 'nats' | 'env'> & {
  readonly dataDir: string
}

/**
 * Migrates as the owner. In a process of its own a service is then the user of its name at the broker and its own role in
 * the database; the gateway, which stores nothing, knows no database.
 */
async function openRoles(
  t: Test,
  { env, nats, databaseUrl, dataDir }: Servers<TestBroker>,
): Promise<(service: string) => Shop['env']> {
  const dir = path.join(dataDir, 'roles')
  const migration = spawnMain(t, 'cmd/migrate', { ...env, DB_ROLES_DIR: dir })
  if ((await migration.ended) !== 0) throw new Error(migration.output())
  const { DATABASE_URL: _, ...withoutDatabase }: Shop['env'] = env
  const { hostname, port, pathname } = new URL(databaseUrl)
  const place = { DB_HOST: hostname, DB_PORT: port, DB_NAME: pathname.slice(1) }
  return (service) => {
    const schema = services.find(({ name }) => name === service)?.schema
    const known = { ...withoutDatabase, NATS_URL: nats.urlOf(service) }
    if (schema === undefined) return known
    const role = {
      DB_USER: roleName(databaseUrl, schema),
      DB_PASSWORD_FILE: path.join(dir, service, 'password'),
    }
    return { ...known, ...place, ...role }
  }
}

const openServers = async (t: Test): Promise<Servers> =>
  serversWith(t, await testNats(t, { users: brokerUsers(services) }))

async function serversWith<Broker extends TestBroker>(t: Test, nats: Broker): Promise<Servers<Broker>> {
  const { url: databaseUrl } = await testDatabase(t)
  const dataDir = t.testdir()
  const env = {
    DATABASE_URL: databaseUrl,
    NATS_URL: nats.url,
    PORT: '0',
    DATA_DIR: dataDir,
    JWT_SECRET: 'a secret that only this test knows',
    SECOND_FACTOR_SECRET: 'another secret that only this test knows',
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: admin.password,
    BCRYPT_COST: '4',
    DATABASE_CONNECTIONS: '5',
    STREAM_MAX_BYTES: String(64 * 1_048_576),
    SWEEP_INTERVAL_MS: '500',
    SWEEP_AFTER_SECONDS: '5',
    LOG_LEVEL: 'info',
    // Mails for every order would be most of the work. What tests them says so.
    NOTIFY_BY: 'none',
  }
  return { databaseUrl, nats, env, dataDir }
}

async function openShop<Broker>(
  t: Test,
  servers: Servers<Broker>,
  url: string,
  processes: Shop['processes'],
): Promise<Shop<Broker>> {
  const api = openApi(t, url)
  await eventually('the shop is ready', async () => (await api.request('GET', '/readyz')).status === 200)
  const { ADMIN_EMAIL = '', ADMIN_PASSWORD = '' } = servers.env
  const adminToken = await api.logIn(ADMIN_EMAIL, ADMIN_PASSWORD)
  let products = 0
  return {
    ...servers,
    api,
    url,
    adminToken,
    processes,
    async newProduct(stock) {
      const body = {
        name: `Product ${++products}`,
        category: 'test',
        price: 12.5,
        stock,
        sku: `SKU-${products}`,
      }
      return (await api.request<ProductBody>('POST', '/products', { token: adminToken, body })).body
    },
    settled: (id, token) =>
      eventually(`order ${id} is settled`, async () => {
        const { body } = await api.request<OrderBody>('GET', `/orders/${id}`, { token })
        return body.status !== 'pending' && body
      }),
    async auditIsClean() {
      type Report = { readonly ok: boolean; readonly invariants?: readonly { readonly violations: number }[] }
      let report: Report | undefined
      const isClean = async (): Promise<boolean> => {
        const pending = await api.request<{ data: unknown[] }>('GET', '/orders?status=pending&limit=1', {
          token: adminToken,
        })
        if (pending.body.data.length > 0) return false
        report = (await api.request<Report>('GET', '/admin/audit', { token: adminToken })).body
        return report.ok
      }
      await eventually('the audit is clean', isClean, 60_000).catch((err: unknown) => {
        // What answers in the audit's place, such as a problem of the gateway, has no invariants.
        const violated = report?.invariants?.filter(({ violations }) => violations > 0) ?? report
        throw new Error(`the audit is not clean: ${JSON.stringify(violated)}`, { cause: err })
      })
    },
  }
}
