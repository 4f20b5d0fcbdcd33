import {
  jetstream,
  jetstreamManager,
  JetStreamApiError,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { streams } from '../../platform/streams.ts'
import type { Streams } from '../application/audit.ts'
import type { StoredStream } from '../domain/judge-streams.ts'

const streamNotFound = 10_059
const nanosPerMs = 1_000_000

/** Reads headers only, by ordered consumers that leave nothing behind. */
export function jetStreamStreams(connection: NatsConnection): Streams {
  return {
    marks: async () => {
      const manager = await jetstreamManager(connection)
      const marks = new Map<string, number>()
      for (const { name } of streams) {
        marks.set(name, (await findStream(manager, name))?.state.last_seq ?? 0)
      }
      return marks
    },
    read: async () => {
      const manager = await jetstreamManager(connection)
      const stored: StoredStream[] = []
      for (const { name, family } of streams) {
        const info = await findStream(manager, name)
        const events = new Map<string, number>()
        const nameless: number[] = []
        if (info) await readHeaders(connection, info, events, nameless)
        const maxAgeMs = (info?.config.max_age ?? 0) / nanosPerMs
        const expiredBeforeMs = maxAgeMs === 0 ? 0 : Date.now() - maxAgeMs
        stored.push({ name, family, exists: info !== undefined, expiredBeforeMs, events, nameless })
      }
      return stored
    },
  }
}

async function findStream(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name)
  } catch (err) {
    if (err instanceof JetStreamApiError && err.code === streamNotFound) return undefined
    throw err
  }
}

/** Up to what is there now; a broker that falls silent on the way fails the audit. */
async function readHeaders(
  connection: NatsConnection,
  { config, state }: StreamInfo,
  events: Map<string, number>,
  nameless: number[],
): Promise<void> {
  if (state.messages === 0) return
  const consumer = await jetstream(connection).consumers.get(config.name, { headers_only: true })
  const messages = await consumer.consume({ max_messages: 5_000, expires: 5_000, idle_heartbeat: 1_000 })
  try {
    for await (const message of messages) {
      const id = message.headers?.get('ce-id') || ''
      if (id) events.set(id, message.seq)
      else nameless.push(message.seq)
      if (message.seq >= state.last_seq || message.info.pending === 0) return
    }
    throw new Error(`reading ${config.name} ended early`)
  } finally {
    await messages.close()
    await consumer.delete().catch(() => undefined)
  }
}
