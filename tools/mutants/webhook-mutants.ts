import type { Hunt, Mutant } from './mutant.ts'

const drill = (file: string, test: string): Hunt => ({ by: 'drill', file, test })
const folder = 'internal/notification/infrastructure/webhooks'
const senderDrill = (test: string): Hunt =>
  drill('internal/notification/application/send-webhooks.test.ts', test)
const storeDrill = (test: string): Hunt => drill(`${folder}/postgres-webhooks.int.test.ts`, test)

/** Rules of webhooks, and of who is told of something at all. */
export const webhookMutants: readonly Mutant[] = [
  {
    name: 'webhook-delivered-before-its-answer',
    rule: 'an event is delivered when the endpoint has taken it',
    patches: [
      {
        file: 'internal/notification/application/send-webhooks.ts',
        search:
          'const answer = await call({ url: endpoint.url, secrets: validSecrets(endpoint, at), delivery, at })',
        replace: `void call({ url: endpoint.url, secrets: validSecrets(endpoint, at), delivery, at })
  const answer = { kind: 'taken' } as const`,
      },
    ],
    hunt: senderDrill('an event is delivered when its endpoint has taken it'),
  },
  {
    name: 'webhook-of-two-senders',
    rule: 'a webhook is in the hands of one sender until its lease ends',
    patches: [
      {
        file: `${folder}/postgres-webhooks.ts`,
        search: 'and (q.lease_until is null or q.lease_until <= $3)\n',
        replace: '\n',
      },
    ],
    hunt: storeDrill('a lease that has ended frees it, and its old worker stores nothing'),
  },
  {
    name: 'webhook-concluded-by-its-old-sender',
    rule: 'whoever has lost a webhook says nothing more about it',
    patches: [
      {
        file: `${folder}/postgres-webhooks.ts`,
        search: 'where id = $1::uuid and revision = $2`',
        replace: 'where id = $1::uuid`',
      },
    ],
    hunt: storeDrill('a lease that has ended frees it, and its old worker stores nothing'),
  },
  {
    name: 'webhook-of-before-the-endpoint',
    rule: 'an endpoint gets what happens after it was made',
    patches: [
      {
        file: `${folder}/postgres-positions.ts`,
        search: ' and v.occurred_at >= e.created_at',
        replace: '',
      },
    ],
    hunt: storeDrill('what happened before an endpoint was made is not for it'),
  },
  {
    name: 'webhook-to-wherever-a-name-leads',
    rule: 'the address that a name means is looked at whenever it is connected to',
    patches: [
      {
        file: `${folder}/call-endpoint.ts`,
        search: '!addresses.every(({ address }) => isPublicAddress(address))',
        replace: 'addresses.length === 0',
      },
    ],
    hunt: drill(
      `${folder}/call-endpoint.int.test.ts`,
      'a name that changes what it means is looked at each time it is connected to',
    ),
  },
  {
    name: 'slow-endpoint-takes-all-places',
    rule: 'one endpoint that is slow holds up nobody else',
    patches: [
      {
        file: 'internal/notification/application/send-webhooks.ts',
        search: 'const callsPerEndpoint = 4',
        replace: 'const callsPerEndpoint = 64',
      },
    ],
    hunt: senderDrill('an endpoint that hangs has four places, and others have theirs'),
  },
  {
    name: 'news-of-last-week',
    rule: 'what happened long ago is told to nobody',
    patches: [
      {
        file: 'internal/notification/domain/news.ts',
        search: 'now.getTime() - at.getTime() > withinMs',
        replace: 'now.getTime() - at.getTime() > 1_000 * withinMs',
      },
    ],
    hunt: drill(
      'internal/notification/application/tell-people.test.ts',
      'what happened long ago is told to nobody',
    ),
  },
  {
    name: 'unsubscribed-by-anybody',
    rule: 'a link that stops mails is of the shop',
    patches: [
      {
        file: 'internal/notification/infrastructure/link-tokens.ts',
        search: 'given.length === macBytes && timingSafeEqual(given, mac(payload))',
        replace: 'given.length === macBytes && mac(payload).length === macBytes',
      },
    ],
    hunt: drill(
      'internal/notification/infrastructure/link-tokens.test.ts',
      'a link of another secret, person or kind is nobody’s',
    ),
  },
]
