import { tmpdir } from 'node:os'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { nkeys } from '@nats-io/transport-node'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { findNatsServer } from '../local/nats-binary.ts'
import { answers } from '../local/nats-server.ts'
import { becomesReady, spawnServer } from '../local/server-process.ts'
import { freePort } from '../local/system.ts'
import { connectNats } from './nats.ts'
import { brokerUsers } from './broker-users.ts'
import type { NatsAccess } from './nats-access.ts'
import { services } from '../services.ts'
import { eventually } from './testing/eventually.ts'
import { testNats } from './testing/nats-server.ts'
import { certificate, privateKey } from './testing/certificate.ts'
import { silent, testScope } from './testing/scope.ts'

const refused = { name: 'NatsAccessError' }

t.test('the broker takes a user and a password in the URL and beside it, and nothing else', async (t) => {
  const server = await testNats(t, { users: brokerUsers(services) })
  const { username, password, host } = new URL(server.urlOf('order'))
  const url = `nats://${host}`
  t.ok((await connecting(t, server.urlOf('order'))).isConnected())
  t.ok((await connecting(t, { url, user: username, password })).isConnected())
  await t.rejects(connecting(t, url), { ...refused, message: /credentials that the broker accepts/ })
  await t.rejects(connecting(t, { url, user: 'order', password: 'wrong' }), refused)
  await t.rejects(connecting(t, { url, user: 'nobody', password }), refused)
})

t.test('whoever was refused while it was connected comes back when it is accepted again', async (t) => {
  const server = await testNats(t, { users: brokerUsers(services) })
  const nats = await connecting(t, server.urlOf('order'))
  await server.kill()
  await eventually('it is noticed', () => !nats.isConnected())
  const { port } = server
  const strict = await otherServer(t, port, 'authorization { user: somebody, password: else }')
  await new Promise((resolve) => setTimeout(resolve, 1_500)) // the client is refused several times
  await strict.stop('SIGTERM', 'SIGKILL')
  await server.start()
  await eventually('it is back', () => nats.isConnected())
})

t.test('an open broker is warned of, and refused where it must be closed', async (t) => {
  const server = await testNats(t)
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  await connectNats(testScope(t), log, server.url, 'test')
  t.match(lines.join(), /lets everybody in/)
  await t.rejects(connectNats(testScope(t), silent, server.url, 'test', { mustBeClosed: true }), {
    ...refused,
    message: /lets everybody in/,
  })
})

t.test('an nkey is accepted, and another one refused', async (t) => {
  const [mine, other] = [nkeys.createUser(), nkeys.createUser()]
  const port = await freePort()
  await otherServer(t, port, `authorization { users: [ { nkey: ${mine.getPublicKey()} } ] }`)
  const url = `nats://127.0.0.1:${port}`
  const seed = (pair: typeof mine): string => Buffer.from(pair.getSeed()).toString()
  t.ok((await connecting(t, { url, nkey: seed(mine) })).isConnected())
  await t.rejects(connecting(t, { url, nkey: seed(other) }), refused)
})

t.test('tls:// connects with TLS or not at all', async (t) => {
  const dir = t.testdir({ 'cert.pem': certificate, 'key.pem': privateKey })
  const [ca, key] = [path.join(dir, 'cert.pem'), path.join(dir, 'key.pem')]
  const tls = `tls { cert_file: ${JSON.stringify(ca)}, key_file: ${JSON.stringify(key)} }`
  const [port, plainPort] = [await freePort(), await freePort()]
  const users = 'authorization { user: a, password: b }'
  await otherServer(t, port, `${tls}\n${users}`)
  await otherServer(t, plainPort, users)
  const nats = await connecting(t, { url: `tls://a:b@localhost:${port}`, ca })
  t.equal(nats.connection.info?.tls_required, true)
  t.ok(nats.isConnected())
  await t.rejects(
    connecting(t, `tls://a:b@localhost:${port}`),
    { ...refused, message: /certificate is trusted/ },
    'an unknown authority',
  )
  await t.rejects(
    connecting(t, `tls://a:b@localhost:${plainPort}`),
    { ...refused, message: /it has none/ },
    'a broker without TLS',
  )
})

const connecting = (t: Test, access: NatsAccess | string) => connectNats(testScope(t), silent, access, 'test')

/** A nats-server with this configuration. */
async function otherServer(t: Test, port: number, conf: string) {
  const binary = await findNatsServer({
    configured: process.env.NATS_SERVER_BIN,
    searchPath: process.env.PATH ?? '',
    cacheDir: '.cache',
  })
  const dir = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'nats-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const file = path.join(dir, 'nats.conf')
  await writeFile(file, `host: 127.0.0.1\nport: ${port}\n${conf}\n`)
  const args = ['-c', file]
  const server = await spawnServer({
    file: binary.file,
    args,
    logFile: path.join(dir, 'nats.log'),
    lastSignal: 'SIGTERM',
  })
  t.teardown(() => server.stop('SIGTERM', 'SIGKILL'))
  if (!(await becomesReady(server, () => answers(port), 30_000)))
    throw new Error(await readFile(path.join(dir, 'nats.log'), 'utf8'))
  return server
}
