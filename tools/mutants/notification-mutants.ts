import type { Hunt, Mutant } from './mutant.ts'

const simulation: Hunt = { by: 'simulation' }

const sending = 'internal/notification/application/send-due.ts'
const drill = (file: string, test: string) => ({ by: 'drill', file, test }) as const
const sendDrill = (test: string) => drill('internal/notification/application/send-due.test.ts', test)

const inStreams = 'internal/gateway/streams/open-streams.ts'
const streamDrill = (test: string) => drill('internal/gateway/streams/open-streams.test.ts', test)

/** Rules of messages to people. */
export const notificationMutants: readonly Mutant[] = [
  {
    name: 'mail-sent-before-its-intent',
    rule: 'that a mail is being sent is committed before its first word goes out',
    patches: [
      { file: sending, search: 'if (!(await deliveries.store(begun))) return', replace: 'void deliveries' },
    ],
    hunt: sendDrill('that a mail is being sent is stored before the first word of it goes out'),
  },
  {
    name: 'unknown-mail-sent-again',
    rule: 'what may have been sent is sent again by staff only',
    patches: [
      {
        file: sending,
        search: "deliveries.store(lose(delivery, 'no-answer', now()))",
        replace: "deliveries.store(putOff(delivery, 'no-answer', now()))",
      },
    ],
    hunt: sendDrill('a process that dies while it sends leaves an unknown, as soon as its lease has ended'),
  },
  {
    name: 'unanswered-mail-put-off (simulated)',
    rule: 'what the mail server may have taken does not go out again by itself',
    patches: [
      {
        file: sending,
        search: 'return lose(sending, outcome.failure, at)',
        replace: 'return putOff(sending, outcome.failure, at)',
      },
    ],
    hunt: simulation,
  },
  {
    name: 'lost-answer-taken-for-a-refusal',
    rule: 'without an answer it is proven that nothing was sent only before the mail itself',
    patches: [
      {
        file: 'internal/notification/infrastructure/smtp/smtp-line.ts',
        search: 'if (mail.isBegun)',
        replace: "if (mail.isBegun && from === '')",
      },
    ],
    hunt: drill(
      'internal/notification/infrastructure/smtp/smtp.int.test.ts',
      'nobody knows whether a mail was taken when the server closes behind its last word',
    ),
  },
  {
    name: 'mail-claimed-by-two',
    rule: 'a mail is in the hands of one sender',
    patches: [
      {
        file: 'internal/notification/infrastructure/postgres-deliveries.ts',
        search: 'and next_at <= $1 and (lease_until is null or lease_until <= $1)',
        replace: 'and next_at <= $1',
      },
    ],
    hunt: drill(
      'internal/notification/infrastructure/postgres-deliveries.int.test.ts',
      'gives what is due to one worker, the longest due first',
    ),
  },
  {
    name: 'mail-with-markup-of-others',
    rule: 'what a shop or a customer has named is text in a mail',
    patches: [{ file: 'internal/notification/domain/letter.ts', search: "'<': '&lt;'", replace: "'<': '<'" }],
    hunt: drill(
      'internal/notification/domain/letter.test.ts',
      'the HTML escapes whatever a shop or a customer has named',
    ),
  },
  {
    name: 'webhook-out-of-order',
    rule: 'an endpoint gets the events of an aggregate one after the other',
    patches: [
      {
        file: 'internal/notification/infrastructure/webhooks/postgres-webhooks.ts',
        search: "p.status = 'queued' and p.seq < q.seq",
        replace: "p.status = 'queued' and p.seq < 0",
      },
    ],
    hunt: drill(
      'internal/notification/infrastructure/webhooks/postgres-webhooks.int.test.ts',
      'of each aggregate only the first goes, until it is taken',
    ),
  },
  {
    name: 'webhook-to-literal-address',
    rule: 'a literal private address is refused when it is connected to',
    patches: [
      {
        file: 'internal/notification/infrastructure/webhooks/call-endpoint.ts',
        search: 'if (isRefused || !mayUsePort(port))',
        replace: 'if (!mayUsePort(port))',
      },
    ],
    hunt: drill(
      'internal/notification/infrastructure/webhooks/call-endpoint.int.test.ts',
      'a private address is refused, literal or by its name, whatever it was before',
    ),
  },
  {
    name: 'feed-entry-overtaken',
    rule: 'no entry of a feed becomes visible after one that has a higher position',
    patches: [
      {
        file: 'internal/notification/infrastructure/delivery-rows.ts',
        search: "select pg_advisory_xact_lock(hashtextextended('notifications.feed_positions', 0))",
        replace: 'select 1',
      },
    ],
    hunt: drill(
      'internal/notification/infrastructure/postgres-deliveries.int.test.ts',
      'an entry is not overtaken by one that has a higher position',
    ),
  },
  {
    name: 'stream-outlives-its-session',
    rule: 'a stream ends with the session by which it was opened',
    patches: [
      {
        file: inStreams,
        search: 'for (const one of open) if (!isGood(one)) one.end()',
        replace: '',
      },
    ],
    hunt: streamDrill('a stream ends with the session by which it was opened'),
  },
  {
    name: 'stream-of-nobody-knows-whom',
    rule: 'while nobody can say whether a session goes on, its streams get nothing',
    patches: [
      { file: inStreams, search: 'viewer.standing === undefined || ended.isCurrent()', replace: 'true' },
    ],
    hunt: streamDrill('while nobody can say whether a session goes on, it gets nothing, and guests do'),
  },
  {
    name: 'stream-kept-for-who-does-not-read',
    rule: 'a client that does not read is left',
    patches: [{ file: inStreams, search: 'now - one.fullSince >= stalledMs', replace: 'now < 0' }],
    hunt: streamDrill('a client that does not read gets nothing more, and is left after a while'),
  },
  {
    name: 'stream-place-not-given-back',
    rule: 'a stream whose client has gone holds no place',
    patches: [{ file: inStreams, search: "    stream.body.once('close', end)\n", replace: '' }],
    hunt: streamDrill('a client that goes away gives its place back'),
  },
]
