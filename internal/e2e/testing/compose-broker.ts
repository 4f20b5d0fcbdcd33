import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Test } from 'tap'
import { findNatsServer } from '../../local/nats-binary.ts'
import { answers } from '../../local/nats-server.ts'
import { becomesReady, spawnServer } from '../../local/server-process.ts'
import { freePort } from '../../local/system.ts'
import { urlWithUser } from '../../platform/nats-access.ts'
import type { TestBroker } from '../../platform/testing/nats-server.ts'

/** Digits only, which a configuration file takes for a number where it is not quoted. */
const password = '20261128'
const subscriberPassword = 'sub#scriber $x'

/** A broker with the configuration files of docker-compose.yml. Only its port and its folder are others. */
export async function composeBroker(t: Test): Promise<TestBroker> {
  const binary = await findNatsServer({
    configured: process.env.NATS_SERVER_BIN,
    searchPath: process.env.PATH ?? '',
    cacheDir: '.cache',
  })
  const dir = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'compose-nats-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const port = await freePort()
  const given = await readFile('deploy/nats.conf', 'utf8')
  const text = given
    .replace(/^port: 4222$/m, `port: ${port}\nhost: 127.0.0.1`)
    .replace(/^http: .*$/m, '')
    .replace('store_dir: /data', `store_dir: ${JSON.stringify(path.join(dir, 'data'))}`)
    .replace(/^ *sync_interval: always$/m, '') // an older server does not know it, and a test need not be durable
  const conf = path.join(dir, 'nats.conf')
  await writeFile(conf, text)
  await copyFile('deploy/nats-users.conf', path.join(dir, 'nats-users.conf'))
  const server = await spawnServer({
    file: binary.file,
    args: ['-c', conf],
    logFile: path.join(dir, 'nats.log'),
    // As docker-compose.yml quotes them.
    own: {
      cwd: dir,
      env: { NATS_PASSWORD: `'${password}'`, NATS_SUBSCRIBER_PASSWORD: `'${subscriberPassword}'` },
    },
    lastSignal: 'SIGTERM',
  })
  t.teardown(() => server.stop('SIGTERM', 'SIGKILL'))
  if (!(await becomesReady(server, () => answers(port), 60_000)))
    throw new Error(`nats-server does not start: ${await readFile(path.join(dir, 'nats.log'), 'utf8')}`)
  const url = `nats://127.0.0.1:${port}`
  const urlOf = (user: string): string =>
    urlWithUser(url, user, user === 'subscriber' ? subscriberPassword : password)
  return { url: urlOf('producer'), urlOf }
}
