import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { openApi, type OrderBody, type ProductBody } from '../../internal/e2e/testing/api.ts'
import { testDatabase } from '../../internal/platform/testing/database.ts'
import { eventually } from '../../internal/platform/testing/eventually.ts'
import { testNats } from '../../internal/platform/testing/nats-server.ts'
import { spawnProcess, type SpawnedProcess } from '../../internal/platform/testing/spawned-process.ts'
import { services } from '../../internal/services.ts'
import { copyOf } from '../mutants/patched-copy.ts'
import { greetingFiles, serviceList } from './greeting.ts'

// docs/contributing.md, "How to add a service", as a test: one folder with its contract and schema, one line in the list.

const operationsToken = 'a token of this test'
const admin = { email: 'admin@example.com', password: 'a-password-of-this-test' } as const

/** A copy of the checkout with one more service. */
async function scaffold(t: Test): Promise<string> {
  const copy = await copyOf(process.cwd(), process.env.TEST_TMP_DIR)
  t.teardown(copy.remove)
  for (const [file, text] of Object.entries(greetingFiles)) {
    await mkdir(path.dirname(path.join(copy.dir, file)), { recursive: true })
    await writeFile(path.join(copy.dir, file), text)
  }
  await copy.apply(
    serviceList.lines.map(({ after, add }) => ({
      file: serviceList.file,
      search: after,
      replace: `${after}${add}`,
    })),
  )
  await mkdir(path.join(copy.dir, 'docs'))
  return copy.dir
}

const dir = await scaffold(t)

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawnProcess(args[0] ?? '', args, { cwd: dir, env: { ...process.env, ...env } })
  const code = await child.ended
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${child.output()}`)
  return child.output()
}

t.test('its code, its clients and its documents are generated, and it compiles', async (t) => {
  await run(['scripts/run.mjs', 'tools/docs/main.ts'])
  const read = (name: string): Promise<string> => readFile(path.join(dir, name), 'utf8')
  t.match(
    await read('docs/settings.md'),
    /## The greeting service\n\n.*\n.*\n.*`GREETING_WORDS` +\| `thank you`/,
  )
  t.match(await read('docs/settings.md'), '`GREETING_DATABASE_URL`')
  t.match(await read('.env.example'), /# What every buyer is told\.\nGREETING_WORDS=thank you\n/)
  t.match(await read('docs/events.md'), /greeting\.sent.*GREETINGS.*The buyer of an order was greeted/)
  const config = { extends: './tsconfig.json', include: ['cmd', 'internal'], exclude: ['**/*.test.ts'] }
  await writeFile(path.join(dir, 'tsconfig.shipped.json'), JSON.stringify(config))
  await run(['node_modules/typescript/bin/tsc', '--noEmit', '--project', 'tsconfig.shipped.json'])
})

type World = {
  readonly env: Readonly<Record<string, string>>
  readonly sql: pg.Client
  readonly natsUrl: string
}

async function openWorld(t: Test): Promise<World> {
  const [{ url }, nats] = await Promise.all([testDatabase(t), testNats(t)])
  const sql = new pg.Client({ connectionString: url })
  sql.on('error', () => undefined) // the database is dropped with the test
  await sql.connect()
  t.teardown(() => sql.end())
  const env = {
    ...{ DATABASE_URL: url, NATS_URL: nats.url, PORT: '0', DATA_DIR: t.testdir(), LOG_LEVEL: 'info' },
    ...{ ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password, BCRYPT_COST: '4' },
    ...{ JWT_SECRET: 'a secret that only this test knows', STREAM_MAX_BYTES: String(67_108_864) },
    OPERATIONS_TOKEN: operationsToken,
    ...{ GREETING_WORDS: 'hello', SWEEP_INTERVAL_MS: '3600000' },
  }
  return { env, sql, natsUrl: nats.url }
}

function start(t: Test, name: string, env: World['env']): SpawnedProcess {
  const args = [`dist/cmd/${name}/main.js`]
  const child = spawnProcess(name, args, { cwd: dir, env: { ...process.env, ...env } })
  t.teardown(child.stop)
  return child
}

/** It has migrated, is ready, reacts to an order, publishes, and satisfies the audit. */
async function checkGreeting(t: Test, url: string, { env, sql, natsUrl }: World): Promise<void> {
  const api = openApi(t, url)
  await eventually('the shop is ready', async () => (await api.request('GET', '/readyz')).status === 200)
  const { body: ready } = await api.request<{ checks: { name: string }[] }>('GET', '/readyz', {
    token: operationsToken,
  })
  t.ok(
    ready.checks.some(({ name }) => name === 'greeting database'),
    'it reports its health',
  )
  const token = await api.logIn(admin.email, admin.password)
  const thing = { name: 'A thing', category: 'test', price: 5, stock: 3 }
  const { body: product } = await api.request<ProductBody>('POST', '/products', { token, body: thing })
  const body = { items: [{ productId: product.id, quantity: 1 }] }
  const { body: order } = await api.request<OrderBody>('POST', '/orders', {
    ...{ token, body },
    headers: { 'x-request-id': 'greet-me' },
  })
  await eventually('the buyer is greeted', async () => {
    const { rows } = await sql.query<{ text: string }>(
      'select text from greetings.greetings where order_id = $1',
      [order.id],
    )
    return rows[0]?.text === 'hello'
  })
  const nats = await connect({ servers: natsUrl })
  t.teardown(() => nats.close())
  const manager = await jetstreamManager(nats)
  const message = await eventually('the event is published', async () => {
    return (
      (await manager.streams.getMessage('GREETINGS', { last_by_subj: 'greeting.sent' }).catch(() => null)) ??
      false
    )
  })
  t.same(message.json(), { orderId: order.id, text: 'hello' })
  t.equal(message.header.get('ce-type'), 'tillstream.greeting.sent.v1')
  t.equal(message.header.get('ce-correlationid'), 'greet-me', 'it goes back to the request')
  const withImages = { ...env, IMAGES_DIR: path.join(env.DATA_DIR ?? '', 'images') }
  t.match(await run(['dist/cmd/audit/main.js'], withImages), /Every invariant holds/)
}

t.test('it starts in the stack', async (t) => {
  const world = await openWorld(t)
  const [, url = ''] = await start(t, 'stack', world.env).says(/^ready (\S+)/m)
  await checkGreeting(t, url, world)
})

t.test('it starts in a process of its own', async (t) => {
  const world = await openWorld(t)
  t.match(await run(['dist/cmd/migrate/main.js'], world.env), 'greeting: applied 20261128000000_init')
  const names = [...services.map(({ name }) => name).filter((name) => name !== 'gateway'), 'greeting']
  const started = names.map((name) => start(t, name, world.env))
  await Promise.all(started.map((child) => child.says(/"msg":"started"/)))
  const [, url = ''] = await start(t, 'gateway', world.env).says(/"url":"([^"]+)"/)
  await checkGreeting(t, url, world)
  t.equal(await run(['dist/cmd/health/main.js', 'greeting'], world.env), '')
})
