import { setTimeout as sleep } from 'node:timers/promises'
import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { streams } from '../gen/streams.ts'
import { insist } from './insist.ts'
import { maxMessageBytes } from './message-size.ts'

/** Where the events of one family are kept; the family is the first word of their subjects. The contracts say it. */
export type Stream = { readonly name: string; readonly family: string }

export { streams }

export type StreamName = (typeof streams)[number]['name']

export type StreamLimits = {
  readonly replicas: number
  readonly maxBytes: number
  readonly maxAgeDays: number
}

/**
 * The state of a stream. `created` identifies its incarnation. When it has changed, or when the last sequence has gone
 * back, messages were lost.
 */
export type StreamState = { readonly created: string; readonly lastSeq: number }

const dayMs = 86_400_000
const duplicateWindowMs = 120_000

export function streamOf(subject: string): StreamName {
  const family = subject.split('.')[0]
  const stream = streams.find((known) => known.family === family)
  if (!stream) throw new Error(`no stream takes ${subject}`)
  return stream.name
}

/** The first word of the stream's subjects. */
export function familyOf(name: string): string {
  const stream = streams.find((known) => known.name === name)
  if (!stream) throw new Error(`${name} is no stream of ours`)
  return stream.family
}

/**
 * Creates the stream or updates its configuration. Many processes may call this at once. Returns undefined when the
 * broker has no room for it.
 */
export async function ensureStream(
  jsm: JetStreamManager,
  name: StreamName,
  limits: StreamLimits,
): Promise<StreamState | undefined> {
  const config: Partial<StreamConfig> & { readonly name: string } = {
    name,
    subjects: [`${familyOf(name)}.>`],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New, // a full stream refuses new events, which the outbox keeps, instead of dropping old ones
    max_age: nanos(limits.maxAgeDays * dayMs),
    max_bytes: limits.maxBytes,
    max_msg_size: maxMessageBytes,
    duplicate_window: nanos(duplicateWindowMs),
    deny_delete: true,
    deny_purge: true,
    allow_direct: true,
    num_replicas: limits.replicas,
  }
  // The stream's own leader answers this. The cluster's, who alone makes streams, may be gone and for longer.
  const there = await insist(() => jsm.streams.info(name)).catch((err: unknown) => {
    if (err instanceof JetStreamApiError && err.code === JetStreamApiCodes.StreamNotFound) return undefined
    throw err
  })
  const made = there && hasConfig(there.config, config) ? there : await makeStream(jsm, config)
  const born = made && (await whenBorn(jsm, made))
  return born && { created: born.created, lastSeq: born.state.last_seq }
}

/** While a stream is being made for somebody else, nats-server 2.9 may say that it was created in the year 1. */
async function whenBorn(jsm: JetStreamManager, made: StreamInfo): Promise<StreamInfo> {
  let known = made
  for (let asked = 0; known.created.startsWith('0001-'); asked++) {
    if (asked === 100) throw new Error(`the broker does not say when it made the stream ${made.config.name}`)
    if (asked > 0) await sleep(50)
    known = await insist(() => jsm.streams.info(made.config.name))
  }
  return known
}

function makeStream(
  jsm: JetStreamManager,
  config: Partial<StreamConfig> & { readonly name: string },
): Promise<StreamInfo | undefined> {
  return insist(() => jsm.streams.add(config)).catch(async (err: unknown) => {
    if (!(err instanceof JetStreamApiError) || !mayBeThere.includes(err.code)) throw err
    const there = await insist(() => jsm.streams.info(config.name)).catch(() => undefined)
    if (!there && err.code === noRoom) return undefined
    if (!there) throw err
    // An update that changes nothing must be avoided: after it nats-server 2.9 reports another `created` at its next
    // start.
    return hasConfig(there.config, config) ? there : jsm.streams.update(config.name, config)
  })
}

const hasConfig = (has: Partial<StreamConfig>, wanted: Partial<StreamConfig>): boolean =>
  Object.entries(wanted).every(
    ([name, value]) => JSON.stringify(has[name as keyof StreamConfig]) === JSON.stringify(value),
  )

/** There is not enough storage for a new stream. JetStream checks that before it looks whether the stream exists. */
const noRoom = 10_047

/** With these errors the stream may exist already. 10058 says that it exists with another configuration. */
const mayBeThere: readonly number[] = [10_058, noRoom]
