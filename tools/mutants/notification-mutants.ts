import type { Mutant } from './mutant.ts'

const sending = 'internal/notification/application/send-due.ts'
const drill = (file: string, test: string) => ({ by: 'drill', file, test }) as const
const sendDrill = (test: string) => drill('internal/notification/application/send-due.test.ts', test)

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
]
