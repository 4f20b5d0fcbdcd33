import type { Hunt, Mutant } from './mutant.ts'

const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })
const folder = 'internal/notification/infrastructure/webhooks'
const simulation: Hunt = { by: 'simulation' }
const storeDrill = (test: string): Hunt => drill(`${folder}/postgres-webhooks.int.test.ts`, test)

/** Rules of how streams are read for endpoints, and of what becomes of what was read. */
export const webhookReadingMutants: readonly Mutant[] = [
  {
    name: 'webhook-position-of-two-readers',
    rule: 'the position in a stream moves for whoever moves it from where it was',
    patches: [
      {
        file: `${folder}/postgres-positions.ts`,
        search: 'where stream = $1 and incarnation = $2 and seq = $3`',
        replace: 'where stream = $1 and incarnation = $2 and seq >= 0 * $3`',
      },
    ],
    hunt: storeDrill('a position that somebody else has moved queues nothing'),
  },
  {
    name: 'webhook-stream-made-anew-skipped',
    rule: 'a stream that was lost and filled again is read from its beginning',
    patches: [
      {
        file: 'internal/notification/application/follow-streams.ts',
        search: 'incarnation !== present.incarnation || seq > present.last',
        replace: 'seq > present.last && seq < 0',
      },
      {
        file: 'internal/notification/application/follow-streams.ts',
        search: "if (seq === 0 || mark === '') return true",
        replace: 'if (seq >= 0) return true',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'webhook-old-copy-unseen',
    rule: 'what comes into an old copy of a stream is not taken for what was read before',
    patches: [
      {
        file: 'internal/notification/application/follow-streams.ts',
        search: "if (seq === 0 || mark === '') return true",
        replace: 'if (seq >= 0) return true',
      },
    ],
    hunt: drill(
      'internal/notification/application/follow-streams.test.ts',
      'what comes into an old copy of a stream is not taken for what was read before',
    ),
  },
  {
    name: 'webhook-position-beyond-what-was-read',
    rule: 'the position in a stream is where its events were queued up to',
    patches: [
      {
        file: 'internal/notification/application/follow-streams.ts',
        search: 'webhooks.advance(from, { stream, incarnation, seq, mark }, events, now())',
        replace:
          "webhooks.advance(from, { stream, incarnation, seq: Math.max(seq, last), mark: '' }, events, now())",
      },
    ],
    hunt: simulation,
  },
  {
    name: 'refused-webhook-delivered',
    rule: 'an event that the endpoint has refused is sent again',
    patches: [
      {
        file: 'internal/notification/domain/webhook-delivery.ts',
        search: "if (answer.kind === 'taken')",
        replace: "if (answer.kind !== 'gone')",
      },
    ],
    hunt: simulation,
  },
  {
    name: 'resumed-endpoint-stays-paused',
    rule: 'an endpoint that staff resume gets what has waited for it',
    patches: [
      {
        file: 'internal/notification/domain/endpoint.ts',
        search: "pausedAt: undefined, pauseReason: '' }\n}",
        replace: "pausedAt: endpoint.pausedAt, pauseReason: '' }\n}",
      },
    ],
    hunt: simulation,
  },
]
