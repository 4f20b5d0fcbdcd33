// An outside subscriber, complete: what happens to orders is written to a file, once for each event.
//
//   NATS_URL=nats://localhost:4222 npx tsx examples/subscribe-orders.ts orders.jsonl
//
// It may be stopped, killed and started again at any time, and the broker may deliver twice or lose its store: the effect
// and the event's id are one write, so no event has its effect twice; and it acknowledges after that, so none is missed.
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
/** Where we are in the stream, kept by the broker under this name. Two processes with one name share the work. */
const durable = 'orders-to-file'

const path = process.argv[2] ?? 'orders.jsonl'
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

const effects = await openEffects(path)
const nats = await connect({
  servers: process.env.NATS_URL || 'nats://localhost:4222',
  name: 'subscribe-orders example',
  maxReconnectAttempts: -1,
  reconnectTimeWait: 250,
  waitOnFirstConnect: true,
})
while (!stop.signal.aborted) {
  try {
    await subscribe(nats)
  } catch (err) {
    // The stream is not there yet, or not any more; a subscription that ends is a fault, not an end.
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
    // An effect here takes milliseconds; what a killed process had at hand comes back after this.
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

/** Effect first, then the acknowledgement: a crash between them brings the message back, and its id tells that it is done. */
async function handle(message: JsMsg): Promise<void> {
  const id = message.headers?.get('ce-id') || '' // a header that is absent reads as ''
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

/** What has been delivered but not handled comes back to us or to another process after ack_wait. */
function stopWith(messages: ConsumerMessages): () => void {
  const close = (): void => void messages.close()
  if (stop.signal.aborted) close()
  stop.signal.addEventListener('abort', close)
  return () => stop.signal.removeEventListener('abort', close)
}

/** A file of lines of JSON, each with the id of its event. A database table with the id as its key does the same. */
async function openEffects(file: string) {
  const handle = await open(file, 'a+')
  const done = await readIds(handle)
  return {
    async once(id: string, effect: Readonly<Record<string, unknown>>): Promise<void> {
      if (done.has(id)) return
      await handle.appendFile(`${JSON.stringify({ id, ...effect })}\n`)
      await handle.datasync() // an acknowledgement must not survive a power cut that the line does not
      done.add(id)
    },
    close: () => handle.close(),
  }
}

/** A crash can leave half a line at the end. Its event was not acknowledged, so it is cut off and comes again. */
async function readIds(handle: FileHandle): Promise<Set<string>> {
  const text = await handle.readFile('utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  await handle.truncate(Buffer.byteLength(whole))
  const lines = whole.split('\n').filter((line) => line !== '')
  return new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id))
}
