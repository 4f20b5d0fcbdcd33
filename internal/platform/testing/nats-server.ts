import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Test } from 'tap'
import { findNatsServer } from '../../local/nats-binary.ts'
import { natsServer, type NatsServer } from '../../local/nats-server.ts'

/** Far more than a test stores. By default each server would claim most of the disk. */
const defaultStoreBytes = 4_294_967_296

/** A nats-server for one test on a free port. It ends with the test. */
export async function testNats(
  t: Test,
  options: { readonly maxStoreBytes?: number } = {},
): Promise<NatsServer & { readonly storeDir: string }> {
  const binary = await findNatsServer({
    configured: process.env.NATS_SERVER_BIN,
    searchPath: process.env.PATH ?? '',
    cacheDir: '.cache',
  })
  const dir = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'nats-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const { maxStoreBytes = defaultStoreBytes } = options
  const server = await natsServer({ binary, dir, maxStoreBytes, isDurable: false })
  t.teardown(() => server.stop())
  await server.start()
  return { ...server, storeDir: path.join(dir, 'jetstream') }
}
