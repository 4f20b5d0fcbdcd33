import { jetstream, type jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { testNats } from '../platform/testing/nats-server.ts'
import { findNatsServer } from './nats-binary.ts'
import { natsServer } from './nats-server.ts'
import { commandLine } from './system.ts'

void t.test('keeps its streams over a kill and loses them when wiped, on the same port', async (t) => {
  const server = await testNats(t)
  const { url } = server
  await withStreams(url, async (streams) => {
    await streams.add({ name: 'ORDERS', subjects: ['order.>'] })
  })
  await server.kill()
  await server.start()
  t.strictSame(await streamNames(url), ['ORDERS'])
  await server.stop()
  await server.wipe()
  await server.start()
  t.strictSame(await streamNames(url), [])
})

void t.test('takes over from a server that outlived its process', async (t) => {
  const binary = await findNatsServer(whereTestsLook())
  const dir = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'local-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const orphan = await natsServer({ binary, dir })
  await orphan.start()
  const pid = orphan.pid()!
  const heir = await natsServer({ binary, dir })
  await heir.start()
  t.teardown(() => heir.stop())
  t.equal(await commandLine(pid), undefined)
})

void t.test('says which port is taken', async (t) => {
  const { port } = await testNats(t)
  const binary = await findNatsServer(whereTestsLook())
  const dir = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'local-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const second = await natsServer({ binary, dir, port })
  await t.rejects(second.start(), { name: 'SetupError', message: `port ${port} for nats-server is taken` })
})

void t.test('a configured program that is not nats-server is refused by name', async (t) => {
  await t.rejects(findNatsServer({ ...whereTestsLook(), configured: process.execPath }), {
    name: 'SetupError',
    message: /^NATS_SERVER_BIN is .*older than|^NATS_SERVER_BIN is .*does not run/,
  })
})

function whereTestsLook() {
  return { configured: process.env.NATS_SERVER_BIN, searchPath: process.env.PATH ?? '', cacheDir: '.cache' }
}

type Streams = Awaited<ReturnType<typeof jetstreamManager>>['streams']

async function withStreams<Result>(
  url: string,
  work: (streams: Streams) => Promise<Result>,
): Promise<Result> {
  const connection = await connect({ servers: url })
  try {
    return await work((await jetstream(connection).jetstreamManager()).streams)
  } finally {
    await connection.close()
  }
}

function streamNames(url: string): Promise<string[]> {
  return withStreams(url, async (streams) => {
    const names = []
    for await (const { config } of streams.list()) names.push(config.name)
    return names
  })
}
