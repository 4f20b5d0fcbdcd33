import type { Nats } from '../../platform/nats.ts'
import type { Health } from '../../platform/service.ts'
import { streams, type Stream } from '../../platform/streams.ts'
import type { Mailbox, OutboxDepth } from '../application/mailbox.ts'

/** A scrape of the metrics waits for a second. A database that neither answers nor refuses must not hide the others. */
const patienceMs = 700

/** The outbox of one database. */
export type RelayedOutbox = {
  readonly label: string
  readonly mailbox: Mailbox
  /** The families of events that the broker cannot take now, with the reason. */
  readonly stuck: ReadonlyMap<string, string>
  /** The streams that the broker has no room for. */
  readonly noRoom: ReadonlySet<string>
}

/**
 * Each database has checks and gauges of its own, so that an alert on a gauge sees the worst of them. If there is only
 * one database, they carry no label. `healedStreams` counts since the start of this process.
 */
export function producerHealth(
  outboxes: readonly RelayedOutbox[],
  nats: Nats,
  healedStreams: () => number,
): Health {
  const isOnlyOne = outboxes.length === 1
  return {
    async checkReadiness() {
      const databases = outboxes.map(async ({ label, mailbox }) => {
        const detail = await inTime(mailbox.seenStreams()).then(
          () => '',
          () => 'the database does not answer',
        )
        return check(isOnlyOne ? 'producer database' : `producer database ${label}`, detail)
      })
      const natsDetail = nats.isConnected() ? '' : 'nats does not answer'
      const checks = [...(await Promise.all(databases)), check('producer nats', natsDetail)]
      return { checks: [...checks, ...stuckChecks(outboxes)] }
    },
    async readGauges() {
      const depths = await Promise.allSettled(
        outboxes.map(async ({ label, mailbox }) => {
          const labels = isOnlyOne ? [] : [{ name: 'database', value: label }]
          return depthGauges(await inTime(mailbox.depth()), labels)
        }),
      )
      // A database that is away has no gauges; the readiness check reports it.
      const known = depths.flatMap((depth) => (depth.status === 'fulfilled' ? depth.value : []))
      if (known.length === 0) throw new Error('no database answers')
      const healed = gauge(
        'tillstream_streams_healed',
        'Streams recreated since the start because an event in them could not be read',
        healedStreams(),
      )
      return { gauges: [...known, healed, ...stuckGauges(outboxes)] }
    },
  }
}

/**
 * A stream that takes nothing does not make the producer unready: the outbox keeps its events, the other streams go on,
 * and the sweeper decides its orders.
 */
function stuckChecks(outboxes: readonly RelayedOutbox[]) {
  return streams.flatMap(({ name, family }) => {
    const reason = reasonOf(outboxes, { name, family })
    const detail = `its events wait in the outbox: ${reason}`
    return reason === undefined ? [] : [{ name: `producer stream ${name}`, ready: true, detail }]
  })
}

function stuckGauges(outboxes: readonly RelayedOutbox[]) {
  const help =
    '1 while the stream takes no events, because it is full, or because the broker has no room for it'
  return streams.map(({ name, family }) =>
    gauge('tillstream_stream_stuck', help, reasonOf(outboxes, { name, family }) === undefined ? 0 : 1, [
      { name: 'stream', value: name },
    ]),
  )
}

const reasonOf = (outboxes: readonly RelayedOutbox[], { name, family }: Stream): string | undefined =>
  outboxes.some(({ noRoom }) => noRoom.has(name))
    ? 'the broker has no room for the stream; give it more, or lower STREAM_MAX_BYTES'
    : outboxes.map(({ stuck }) => stuck.get(family)).find((reason) => reason !== undefined)

async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

type Label = { readonly name: string; readonly value: string }

const check = (name: string, detail: string) => ({ name, ready: detail === '', detail })

const gauge = (name: string, help: string, value: number, labels: readonly Label[] = []) => ({
  name,
  help,
  labels: [...labels],
  value: String(value),
})

function depthGauges({ unpublished, parked, oldestAgeSeconds }: OutboxDepth, labels: readonly Label[]) {
  return [
    gauge('tillstream_outbox_depth', 'Events that are not yet published', unpublished, labels),
    gauge(
      'tillstream_outbox_oldest_age_seconds',
      'Age of the oldest event that is not yet published',
      oldestAgeSeconds,
      labels,
    ),
    gauge(
      'tillstream_outbox_parked',
      'Events that were given up after the broker had refused them too often',
      parked,
      labels,
    ),
  ]
}
