import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { brokerUsers, owner } from '../platform/broker-users.ts'
import { natsOptions, urlWithUser } from '../platform/nats-access.ts'
import { services } from '../services.ts'
import { brokerCredentials } from './broker-credentials.ts'
import { findNatsServer } from './nats-binary.ts'
import { natsServer } from './nats-server.ts'

const users = [owner, ...brokerUsers(services)]

async function folder(t: Test): Promise<string> {
  const dir = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'credentials-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  return dir
}

const modeOf = async (file: string): Promise<string> => ((await stat(file)).mode & 0o777).toString(8)

t.test('passwords are made at random, one for each user, and stay over a restart', async (t) => {
  const dir = await folder(t)
  const first = await brokerCredentials(dir, users)
  const passwords = users.map(({ name }) => first.passwordOf(name))
  t.equal(new Set(passwords).size, users.length)
  for (const password of passwords) t.match(password, /^[\w-]{32}$/)
  const second = await brokerCredentials(dir, [...users, { name: 'wishlist', about: 'New.', may: undefined }])
  t.same(
    users.map(({ name }) => second.passwordOf(name)),
    passwords,
  )
  t.match(second.passwordOf('wishlist'), /^[\w-]{32}$/, 'a new service gets one too')
  t.not((await brokerCredentials(await folder(t), users)).passwordOf('owner'), passwords[0])
  t.throws(() => second.passwordOf('nobody'))
})

t.test('a damaged file is replaced, and one that others could read is closed', async (t) => {
  const dir = await folder(t)
  const file = path.join(dir, 'credentials.json')
  await writeFile(file, '{"owner": ', { mode: 0o644 })
  await brokerCredentials(dir, users)
  t.equal(await modeOf(file), '600')
})

t.test('the broker asks for them, listens to this machine only, and its files are private', async (t) => {
  const dir = await folder(t)
  const binary = await findNatsServer({
    configured: process.env.NATS_SERVER_BIN,
    searchPath: process.env.PATH ?? '',
    cacheDir: '.cache',
  })
  const credentials = await brokerCredentials(dir, users)
  // An earlier version wrote a configuration that all could read.
  await writeFile(path.join(dir, 'nats.conf'), '', { mode: 0o644 })
  const server = await natsServer({ binary, dir, credentials, isDurable: false })
  await server.start()
  t.teardown(() => server.stop())
  for (const name of ['credentials.json', 'nats.conf', 'nats.log'])
    t.equal(await modeOf(path.join(dir, name)), '600', name)
  const dialed = (url: string) => connect({ ...natsOptions(url), reconnect: false, timeout: 2_000 })
  const connection = await dialed(urlWithUser(server.url, 'order', credentials.passwordOf('order')))
  await connection.close()
  await t.rejects(dialed(server.url), { name: 'AuthorizationError' })
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === 'IPv4' && !each.internal)
  if (outside) await t.rejects(dialed(`nats://${outside.address}:${server.port}`), { message: /refused/ })
  t.notMatch(await readFile(path.join(dir, 'nats.log'), 'utf8'), credentials.passwordOf('order'))
})
