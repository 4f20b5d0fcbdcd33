import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t, { type Test } from 'tap'
import { spawnMain } from '../../internal/e2e/testing/spawned.ts'

type Env = Readonly<Record<string, string>>

/** Starts with these settings and this `.env`; nothing else of this machine's settings counts. */
async function start(t: Test, env: Env, dotEnv = '', folder = 'cmd/stack') {
  const dir = t.testdir({ data: {} })
  await writeFile(path.join(dir, 'env'), dotEnv)
  const settings = { DATA_DIR: path.join(dir, 'data'), DOTENV_CONFIG_PATH: path.join(dir, 'env'), ...env }
  const stack = spawnMain(t, folder, settings)
  const code = await stack.ended
  return { code, output: stack.output(), files: await readdir(path.join(dir, 'data')) }
}

const known = 'everybody knows this one'
const exposed = 'NODE_ENV is production or HOST is not loopback'

const refused: readonly (readonly [string, Env, RegExp])[] = [
  [
    'production without ADMIN_PASSWORD',
    { NODE_ENV: 'production' },
    /^ADMIN_PASSWORD must be set: .*production/,
  ],
  ['a HOST beyond loopback without it', { HOST: '0.0.0.0' }, /^ADMIN_PASSWORD must be set: .*HOST/],
  ['an address of the network without it', { HOST: '192.0.2.7' }, /^ADMIN_PASSWORD must be set/],
  [
    'an own ADMIN_EMAIL without it',
    { ADMIN_EMAIL: 'me@shop.example' },
    /^ADMIN_PASSWORD must be set: ADMIN_EMAIL/,
  ],
  [
    'the known password in production',
    { NODE_ENV: 'production', ADMIN_PASSWORD: 'admin-password' },
    new RegExp(`^ADMIN_PASSWORD must be .*${known}, and ${exposed}`),
  ],
  [
    'the known password beyond loopback',
    { HOST: '::', ADMIN_PASSWORD: 'admin-password' },
    new RegExp(`^ADMIN_PASSWORD must be .*${known}`),
  ],
  [
    'the known password for an own admin',
    { ADMIN_EMAIL: 'me@shop.example', ADMIN_PASSWORD: 'admin-password' },
    new RegExp(`^ADMIN_PASSWORD must be .*${known}`),
  ],
  [
    "the customer's known password",
    { ADMIN_PASSWORD: 'customer-password' },
    new RegExp(`^ADMIN_PASSWORD .*${known}`),
  ],
  ['a short password', { ADMIN_PASSWORD: 'short' }, /^ADMIN_PASSWORD must be a password/],
  ['a password of many people', { ADMIN_PASSWORD: 'password' }, /^ADMIN_PASSWORD: many people/],
  ['a wrong address', { ADMIN_EMAIL: 'admin' }, /^ADMIN_EMAIL must be an e-mail address/],
  ['a wrong origin', { CORS_ORIGINS: 'https://admin.example/' }, /^CORS_ORIGINS must be origins/],
]

for (const [what, env, expected] of refused) {
  t.test(`npm start refuses ${what}, before any server is started`, async (t) => {
    const { code, output, files } = await start(t, env)
    t.equal(code, 1)
    t.match(output, expected)
    t.equal(output.trim().split('\n').length, 1, output)
    t.same(files, [])
  })
}

t.test('a value of .env that a # cuts is refused, unless the environment has another', async (t) => {
  const line = 'ADMIN_PASSWORD=longenough#1\n'
  const { code, output, files } = await start(t, {}, line)
  t.match(
    { code, output, files },
    { code: 1, output: /^ADMIN_PASSWORD must be in single quotes in /, files: [] },
  )
  t.notMatch(output, /longenough/)
  const other = await start(t, { ADMIN_PASSWORD: 'short' }, line)
  t.match(other.output, /^ADMIN_PASSWORD must be a password/)
  for (const folder of ['cmd/user', 'cmd/migrate', 'cmd/audit'])
    t.match((await start(t, {}, line, folder)).output, /^ADMIN_PASSWORD must be in single quotes in /, folder)
})

t.test('a service in a process of its own refuses the known password in production', async (t) => {
  const env = { NODE_ENV: 'production', ADMIN_PASSWORD: 'admin-password', NATS_URL: 'nats://127.0.0.1:9' }
  const { code, output } = await start(t, { ...env, DB_HOST: '127.0.0.1' }, '', 'cmd/user')
  t.match({ code, output }, { code: 1, output: new RegExp(`^ADMIN_PASSWORD must be .*${known}`) })
})
