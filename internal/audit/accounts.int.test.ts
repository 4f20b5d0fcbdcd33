import t from 'tap'
import { newId } from '../platform/new-id.ts'
import { insertEvents, lawfulWorld, user, type World } from './testing/lawful-world.ts'
import { violationsIn } from './testing/violations.ts'

// Each rule of accounts is broken once, and seen to be named.

/** A shop where somebody has just registered. */
async function registered(t: Parameters<typeof lawfulWorld>[0]): Promise<World> {
  const world = await lawfulWorld(t)
  await world.sql(`${request('email-verification')} update users.accounts set event_version = 2;
    ${insertEvents('user', user, ['user.email_verification_requested'], 2)}`)
  return world
}

const request = (kind: string, owner: string = user): string =>
  `insert into users.mail_requests (id, user_id, kind, created_at, expires_at)
    values ('${newId()}', '${owner}', '${kind}', now() - interval '1 s', now() + interval '1 h');`

const ended = newId()
const session = (id: string, end: string): string =>
  `insert into users.sessions (id, user_id, generation, created_at, refreshed_at, expires_at, ended_at, end_reason, is_told,
    client, address) values ('${id}', '${user}', 1, now(), now(), now() + interval '1 h', ${end}, true, '', '');`

const broken: readonly (readonly [what: string, sql: string, violated: Readonly<Record<string, RegExp>>])[] =
  [
    [
      'two links of one kind that are good',
      `drop index users.mail_requests_open; ${request('email-verification')}`,
      {
        'mail-requests': /has 2 open requests of email-verification/,
        'mail-requests-told': /has asked for 2 mails of email-verification, and events tell of 1/,
      },
    ],
    [
      'a link to set the password of a blocked account',
      `${request('password-reset')} update users.accounts set blocked_at = now()`,
      {
        'mail-requests': /is blocked, and has an open request of password-reset/,
        'mail-requests-told': /has asked for 1 mails of password-reset, and events tell of 0/,
      },
    ],
    [
      'an account that nobody can enter',
      `update users.accounts set password_hash = null, has_password = false`,
      { 'ways-in': /has neither a password nor an identity/ },
    ],
    [
      'an identity of nobody, and one of an unverified address',
      `insert into users.identities values ('${newId()}', '${newId()}', 'p', 'i', '1', now()),
      ('${newId()}', '${user}', 'p', 'i', '2', now())`,
      { 'ways-in': /who has no account(.|\n|,)*address that nobody has verified/ },
    ],
    [
      'two default addresses of one account, and an address of nobody',
      `drop index users.addresses_default_billing;
      insert into users.addresses select gen_random_uuid(), owner::uuid, '{}', false, true, now(), now()
        from unnest(array['${user}', '${user}', '${newId()}']) as owner`,
      {
        'saved-addresses':
          /(has 0 default addresses of delivery and 2 of billing|has no account)(.|\n|,)*(has 0|no account)/,
      },
    ],
    [
      'a mail for nobody',
      request('password-reset', newId()),
      { 'mail-requests': /who has no account/, 'mail-requests-told': /events tell of 0/ },
    ],
    [
      'a session whose beginning nobody was told of, and one whose end was told otherwise',
      `${session(newId(), 'null, null')} ${session(ended, `now(), 'blocked'`)}
      update users.accounts set session_version = 2;
      ${insertEvents('sessions', user, ['session.started', 'session.revoked'])}
      update producer.outbox set data = '{"sessionId":"${ended}","reason":"logged_out"}' where aggregate_type = 'sessions'`,
      { 'sessions-told': /has begun, and no event(.|\n|,)*has ended for blocked, and no event/ },
    ],
    [
      'an event that the account does not know of',
      `update users.accounts set event_version = 1`,
      { 'events-of-transitions': /user .* has version 1, but its last event has 2/ },
    ],
  ]

for (const [what, sql, violated] of broken)
  t.test(`notices ${what}`, async (t) => {
    const world = await registered(t)
    await world.sql(sql)
    const found = await violationsIn(world.url)
    t.same(Object.keys(found).sort(), Object.keys(violated).sort())
    for (const [name, words] of Object.entries(violated)) t.match(found[name]?.join(), words)
  })

t.test('who has just registered breaks no rule', async (t) => {
  t.same(await violationsIn((await registered(t)).url), {})
})
