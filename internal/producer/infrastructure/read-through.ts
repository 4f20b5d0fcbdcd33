import { DeliverPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Stretch } from '../domain/broker-stream.ts'

/** A server falls silent when it comes to a record that it cannot read, but also when it is busy. */
const silenceMs = 2_000
/** How much longer an answer may take on a busy machine. */
const graceMs = 500

/**
 * An ordered consumer reads the headers only. That costs little and is enough, because the server reads and checks the
 * whole record in its file.
 */
export async function readThrough(
  connection: NatsConnection,
  stream: string,
  from: number,
  limit: number,
): Promise<Stretch> {
  const jsm = await jetstreamManager(connection, { checkAPI: false })
  const { state } = await jsm.streams.info(stream)
  const first = Math.max(from, state.first_seq)
  const end = Math.min(first + limit, state.last_seq + 1)
  const last = BigInt(state.last_seq)
  const missing = await firstMissing(connection, stream, first, end)
  if (missing === undefined) return { hole: undefined, next: BigInt(Math.max(first, end)), last }
  const hole = (await isHole(jsm, stream, missing)) ? BigInt(missing) : undefined
  return { hole, next: BigInt(missing + 1), last }
}

/** The first sequence number that is not delivered; undefined when all up to `end` are. */
async function firstMissing(
  connection: NatsConnection,
  stream: string,
  first: number,
  end: number,
): Promise<number | undefined> {
  if (first >= end) return undefined
  const start = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: first }
  const consumer = await jetstream(connection).consumers.get(stream, { ...start, headers_only: true })
  const messages = await consumer.fetch({ max_messages: end - first, expires: silenceMs })
  const silence = new AbortController()
  // The client does not give up by itself. It ends a fetch only when the server says so, it stops looking for
  // heartbeats when the connection is lost, and before that it measures their absence by the wall clock, which may be
  // set back.
  const timer = setTimeout(() => {
    silence.abort()
    void messages.close()
  }, silenceMs + graceMs)
  try {
    let expected = first
    for await (const { seq } of messages) {
      if (seq !== expected) return expected
      expected++
      if (expected === end) return undefined
    }
    return expected
  } finally {
    clearTimeout(timer)
    // The server removes the consumer after a while anyway, so a server that is silent is not waited for.
    if (!silence.signal.aborted) await consumer.delete().catch(() => undefined)
  }
}

/**
 * The server leaves out a damaged record but keeps its sequence number; expired messages lie before the first
 * sequence. The stream's state is read before and after, so that neither a message that is added nor one that expires
 * meanwhile looks like a hole.
 */
export async function isHole(jsm: JetStreamManager, stream: string, seq: number): Promise<boolean> {
  const before = await jsm.streams.info(stream)
  if (seq > before.state.last_seq || (await jsm.streams.getMessage(stream, { seq }))) return false
  const { created, state } = await jsm.streams.info(stream)
  return created === before.created && state.first_seq <= seq && seq <= state.last_seq
}
