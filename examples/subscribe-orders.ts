// A complete outside subscriber. It writes what happens to orders to a file, once for each event.
//
//   NATS_URL=nats://subscriber:password@localhost:4222 npx tsx examples/subscribe-orders.ts orders.jsonl
//
// It may be stopped, killed and started again at any time, and the broker may deliver twice or lose its store. The
// effect and the event's id are one write, so no event has its effect twice. It acknowledges after that write, so no
// event is missed.
import { open, type FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  type ConsumerMessages,
  type JsMsg,
} from '@nats-io/jetstream'
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node'

const stream = 'ORDERS'
/**
 * Under this name the broker keeps our position in the stream. Two processes with the same name share the work. It is the
 * name of our user: the broker lets a subscriber have durables of its own name only.
 */
const durable = 'subscriber'

const path = process.argv[2] ?? 'orders.jsonl'
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

const effects = await openEffects(path)
const { host, username, password } = new URL(process.env.NATS_URL || 'nats://localhost:4222')
const nats = await connect({
  servers: host,
  // The client takes no credentials from the URL. The answers to our requests come to an inbox that is only ours.
  ...(username
    ? { user: username, pass: decodeURIComponent(password), inboxPrefix: `_INBOX_${username}` }
    : {}),
  name: 'subscribe-orders example',
  maxReconnectAttempts: -1,
  reconnectTimeWait: 250,
  waitOnFirstConnect: true,
})
while (!stop.signal.aborted) {
  try {
    await subscribe(nats)
  } catch (err) {
    // The stream may not exist at the moment. The subscription should never end, so it is tried again.
    console.error(`subscription failed, trying again: ${err instanceof Error ? err.message : String(err)}`)
    await sleep(1_000, undefined, { signal: stop.signal }).catch(() => undefined)
  }
}
await nats.close()
await effects.close()

async function subscribe(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection)
  await manager.consumers.add(stream, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    // Much longer than an effect takes. Messages of a process that was killed are delivered again after this time.
    ack_wait: nanos(5_000),
    deliver_policy: DeliverPolicy.All,
    max_ack_pending: 1_000,
  })
  const consumer = await jetstream(connection).consumers.get(stream, durable)
  const messages = await consumer.consume({
    max_messages: 64, // at hand at once: all of them must be done within ack_wait
    expires: 5_000,
    idle_heartbeat: 1_000,
    abort_on_missing_resource: true,
  })
  const unsubscribe = stopWith(messages)
  try {
    for await (const message of messages) await handle(message)
  } finally {
    unsubscribe()
  }
}

/**
 * The effect comes first, and then the acknowledgement. After a crash in between the message is delivered again, and
 * its id tells that the effect is done.
 */
async function handle(message: JsMsg): Promise<void> {
  const id = message.headers?.get('ce-id') || '' // an absent header reads as ''
  if (id === '') {
    console.error(`message ${message.seq} is no event of ours`)
    message.term()
    return
  }
  await effects.once(id, {
    subject: message.subject,
    version: message.headers?.get('ce-aggregateversion'),
    event: message.string(),
  })
  message.ack()
}

/** Messages that were delivered but not handled are delivered again after ack_wait, to us or to another process. */
function stopWith(messages: ConsumerMessages): () => void {
  const close = (): void => void messages.close()
  if (stop.signal.aborted) close()
  stop.signal.addEventListener('abort', close)
  return () => stop.signal.removeEventListener('abort', close)
}

/**
 * Opens a file with one line of JSON for each event, with its id. A database table with the id as its key does the
 * same.
 */
async function openEffects(file: string) {
  const handle = await open(file, 'a+')
  const done = await readIds(handle)
  return {
    async once(id: string, effect: Readonly<Record<string, unknown>>): Promise<void> {
      if (done.has(id)) return
      await handle.appendFile(`${JSON.stringify({ id, ...effect })}\n`)
      await handle.datasync() // the line must be on the disk before it is acknowledged
      done.add(id)
    },
    close: () => handle.close(),
  }
}

/**
 * A crash can leave half a line at the end. It is cut off, and its event comes again because it was not acknowledged.
 */
async function readIds(handle: FileHandle): Promise<Set<string>> {
  const text = await handle.readFile('utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  await handle.truncate(Buffer.byteLength(whole))
  const lines = whole.split('\n').filter((line) => line !== '')
  return new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id))
}
