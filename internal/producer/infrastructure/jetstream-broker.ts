import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import { insist } from '../../platform/insist.ts'
import type { Nats } from '../../platform/nats.ts'
import type { Scope } from '../../platform/run.ts'
import { ensureStream, streams, type StreamLimits, type StreamName } from '../../platform/streams.ts'
import type { Broker } from '../application/broker.ts'
import type { StreamNow } from '../domain/broker-stream.ts'
import { openPublisher } from './publisher.ts'
import { isHole, readThrough } from './read-through.ts'

/** `mayPublish` is asked before each window of publications (see watchedServer). */
export function jetStreamBroker(
  scope: Scope,
  nats: Nats,
  limits: StreamLimits,
  mayPublish = () => true,
): Broker {
  const publish = openPublisher(scope, nats, mayPublish)

  const ensured = (): Promise<ReadonlyMap<string, StreamNow>> => ensureAll(nats, limits)

  async function remade(jsm: JetStreamManager, stream: string): Promise<StreamNow | undefined> {
    await jsm.streams.delete(stream)
    return (await ensured()).get(stream)
  }

  return {
    publish,
    ensureStreams: ensured,
    async messageIdAt(stream, seq) {
      const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
      const message = await insist(() => jsm.streams.getMessage(stream, { seq: Number(seq) }))
      if (message) return message.header.get('Nats-Msg-Id')
      return (await isHole(jsm, stream, Number(seq))) ? '' : undefined
    },
    readThrough: (stream, from, limit) => readThrough(nats.connection, stream, Number(from), limit),
    async remakeDamaged(stream, seq) {
      const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
      if (!(await isHole(jsm, stream, Number(seq)))) return undefined
      return remade(jsm, stream)
    },
    async remakeCutBack(stream, was) {
      const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
      const { created, state, config } = await jsm.streams.info(stream)
      if (created !== was.created || BigInt(state.last_seq) >= was.lastSeq) return undefined
      // In a cluster the other replicas mend it, and a leader that was cut off may tell of an older state.
      if (config.num_replicas > 1) return undefined
      return remade(jsm, stream)
    },
  }
}

/** Without these no order is decided in time, so they come first where the broker has no room for all. */
const mostNeeded: readonly StreamName[] = ['ORDERS', 'STOCK', 'PAYMENTS']

const byNeed: readonly StreamName[] = [...new Set([...mostNeeded, ...streams.map(({ name }) => name)])]

/** One after another: nats-server 2.15 gives streams that are made at the same time more room than it has. */
async function ensureAll(nats: Nats, limits: StreamLimits): Promise<ReadonlyMap<string, StreamNow>> {
  const jsm = await jetstreamManager(nats.connection, { checkAPI: false })
  const states = new Map<string, StreamNow>()
  for (const name of byNeed) {
    const state = await ensureStream(jsm, name, limits)
    if (state) states.set(name, { created: state.created, lastSeq: BigInt(state.lastSeq) })
  }
  return states
}
