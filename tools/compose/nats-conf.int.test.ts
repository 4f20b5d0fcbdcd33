import { readFile, writeFile } from 'node:fs/promises'
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
  const conf = path.join(t.testdir(), 'nats.conf')
  const check = async (content: string): Promise<string> => {
    await writeFile(conf, content)
    const { stdout, stderr } = await execute(file, ['-c', conf, '-t'])
    return stdout + stderr
  }
  t.match(await check(understood), /is valid/, version.join('.'))
  await t.rejects(check(`${understood}\nsync_intervall: always\n`), /unknown field/, 'it is really read')
})
