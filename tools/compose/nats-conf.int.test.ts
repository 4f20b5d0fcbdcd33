import { copyFile, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { findNatsServer } from '../../internal/local/nats-binary.ts'
import { execute } from '../../internal/local/system.ts'

t.test("nats-server takes the broker's configuration", async (t) => {
  const { file, version } = await findNatsServer({
    configured: process.env.NATS_SERVER_BIN,
    searchPath: process.env.PATH ?? '',
    cacheDir: '.cache',
  })
  const text = await readFile('deploy/nats.conf', 'utf8')
  const [major, minor] = version
  const canSync = major > 2 || minor >= 10
  // An older one knows all the rest of it.
  const understood = canSync ? text : text.replace(/^ *sync_interval: always$/m, '')
  const dir = t.testdir()
  const conf = path.join(dir, 'nats.conf')
  await copyFile('deploy/nats-users.conf', path.join(dir, 'nats-users.conf'))
  // As docker-compose.yml quotes it: without the quotes these would be a number, a comment and a variable.
  const env = { NATS_PASSWORD: `'12345#$X'`, NATS_SUBSCRIBER_PASSWORD: `'0x1f'` }
  const check = async (content: string): Promise<string> => {
    await writeFile(conf, content)
    const { stdout, stderr } = await execute(file, ['-c', conf, '-t'], { env })
    return stdout + stderr
  }
  t.match(await check(understood), /is valid/, version.join('.'))
  await t.rejects(
    execute(file, ['-c', conf, '-t'], { env: {} }),
    /variable reference/,
    'no password, no broker',
  )
  await t.rejects(check(`${understood}\nsync_intervall: always\n`), /unknown field/, 'it is really read')
})
