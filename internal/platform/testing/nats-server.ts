import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Test } from 'tap'
import { findNatsServer } from '../../local/nats-binary.ts'
import { brokerCredentials } from '../../local/broker-credentials.ts'
import { owner, type BrokerUser } from '../broker-users.ts'
import { urlWithUser } from '../nats-access.ts'
import { natsServer, type NatsServer } from '../../local/nats-server.ts'

/** Far more than a test stores. By default each server would claim most of the disk. */
const defaultStoreBytes = 4_294_967_296

/** A broker as its users see it. */
export type TestBroker = {
  /** With the credentials of whoever may do most. */
  readonly url: string
  readonly urlOf: (user: string) => string
}

export type TestNats = NatsServer & TestBroker & { readonly storeDir: string }

/**
 * A nats-server for one test on a free port. It ends with the test. With `users` it asks for credentials, and `url` has
 * those of its owner; otherwise it lets everybody in.
 */
export async function testNats(
  t: Test,
  options: { readonly maxStoreBytes?: number; readonly users?: readonly BrokerUser[] } = {},
): Promise<TestNats> {
  const binary = await findNatsServer({
    configured: process.env.NATS_SERVER_BIN,
    searchPath: process.env.PATH ?? '',
    cacheDir: '.cache',
  })
  const dir = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'nats-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const { maxStoreBytes = defaultStoreBytes, users } = options
  const credentials = users && (await brokerCredentials(dir, [owner, ...users]))
  const server = await natsServer({ binary, dir, maxStoreBytes, isDurable: false, credentials })
  t.teardown(() => server.stop())
  await server.start()
  const urlOf = (user: string): string =>
    credentials ? urlWithUser(server.url, user, credentials.passwordOf(user)) : server.url
  return { ...server, url: urlOf(owner.name), urlOf, storeDir: path.join(dir, 'jetstream') }
}
