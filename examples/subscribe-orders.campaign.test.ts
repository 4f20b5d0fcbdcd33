import { jetstreamManager, jetstream } from '@nats-io/jetstream'
import { connect, headers } from '@nats-io/transport-node'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { brokerUsers } from '../internal/platform/broker-users.ts'
import { natsOptions } from '../internal/platform/nats-access.ts'
import { newId } from '../internal/platform/new-id.ts'
import { ensureStream } from '../internal/platform/streams.ts'
import { services } from '../internal/services.ts'
import { testNats } from '../internal/platform/testing/nats-server.ts'

t.test('each event has its effect once, through duplicates, kill -9 and a torn write', async (t) => {
  const server = await testNats(t, { users: brokerUsers(services) })
  const nats = await connect(natsOptions(server.url))
  t.teardown(() => nats.close())
  await ensureStream(await jetstreamManager(nats), 'ORDERS', {
    replicas: 1,
    maxBytes: 10_000_000,
    maxAgeDays: 1,
  })
  const publish = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) {
      const written = headers()
      written.set('ce-id', id)
      await jetstream(nats).publish('order.created', JSON.stringify({ order: { id } }), { headers: written })
    }
  }
  const [first, second] = [manyIds(300), manyIds(100)]
  // Without Nats-Msg-Id the broker stores the copies too, as when events are published again after a loss.
  await publish([...first, ...first.slice(0, 50)])

  const file = path.join(t.testdir(), 'orders.jsonl')
  const killed = start(t, server.urlOf('subscriber'), file)
  await until(async () => (await idsIn(file)).length >= 20)
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  await appendFile(file, '{"id":"half')

  const restarted = start(t, server.urlOf('subscriber'), file)
  await publish(second)
  await jetstream(nats).publish('order.created', 'nothing of ours')
  const expected = [...first, ...second].sort()
  await until(async () => (await idsIn(file)).length >= expected.length)
  t.strictSame((await idsIn(file)).sort(), expected)

  restarted.kill('SIGTERM')
  t.strictSame(await once(restarted, 'exit'), [0, null])
})

t.test('it waits for a stream that is not there yet', async (t) => {
  const server = await testNats(t, { users: brokerUsers(services) })
  const file = path.join(t.testdir(), 'orders.jsonl')
  const subscriber = start(t, server.urlOf('subscriber'), file)
  let said = ''
  subscriber.stderr?.on('data', (chunk) => (said += String(chunk)))
  await until(async () => said.includes('trying again'))
  const nats = await connect(natsOptions(server.url))
  t.teardown(() => nats.close())
  await ensureStream(await jetstreamManager(nats), 'ORDERS', {
    replicas: 1,
    maxBytes: 10_000_000,
    maxAgeDays: 1,
  })
  const written = headers()
  written.set('ce-id', 'the one')
  await jetstream(nats).publish('order.created', '{}', { headers: written })
  await until(async () => (await idsIn(file)).length === 1)
  subscriber.kill('SIGTERM')
  t.strictSame(await once(subscriber, 'exit'), [0, null])
})

const manyIds = (count: number): readonly string[] => Array.from({ length: count }, newId)

function start(t: Test, url: string, file: string): ChildProcess {
  const args = ['--import=tsx', 'examples/subscribe-orders.ts', file]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NATS_URL: url },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

/** The ids in the complete lines of the file. */
async function idsIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.split('\n').slice(0, -1)
  return lines.map((line) => (JSON.parse(line) as { id: string }).id)
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 60_000
  while (!(await isTrue())) {
    if (Date.now() > giveUpAt) throw new Error('waited for 60 s')
    await sleep(20)
  }
}
