import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import {
  accessProblems,
  hasCredentials,
  inboxOf,
  natsOptions,
  urlOf,
  urlWithUser,
  type NatsAccess,
} from './nats-access.ts'

t.test('user and password stand in the URL or beside it', async (t) => {
  const expected = { user: 'order', pass: 'p/w#%', inboxPrefix: '_INBOX_order' }
  t.match(natsOptions('nats://order:p%2Fw%23%25@broker:4333'), { ...expected, servers: ['broker:4333'] })
  t.match(natsOptions({ url: 'nats://broker', user: 'order', password: 'p/w#%' }), {
    ...expected,
    servers: ['broker:4222'],
  })
  t.match(
    natsOptions({ url: 'nats://order:a@broker', user: 'other', password: 'b' }),
    { user: 'order', pass: 'a', inboxPrefix: '_INBOX_order' },
    'those in the URL go first',
  )
})

t.test('several servers of a cluster share one login', async (t) => {
  const options = natsOptions('nats://a:b@one:4222, nats://a:b@two:4223,nats://a:b@[::1]:4224')
  t.same(options.servers, ['one:4222', 'two:4223', '[::1]:4224'])
  t.match(options, { user: 'a', pass: 'b' })
  t.match(natsOptions({ url: 'nats://one,nats://two', user: 'a', password: 'b' }), {
    servers: ['one:4222', 'two:4222'],
    user: 'a',
  })
})

t.test('without credentials nothing is sent, and the inbox is the common one', async (t) => {
  t.strictSame(natsOptions('nats://broker:4222'), { servers: ['broker:4222'] })
  t.match(natsOptions('nats://secret@broker'), { token: 'secret' }, 'a token')
  t.notOk(hasCredentials({ url: 'nats://broker' }))
  for (const access of [
    { url: 'nats://a:b@broker' },
    { url: 'nats://x', user: 'a', password: 'b' },
    { url: 'nats://x', nkey: 'S' },
  ])
    t.ok(hasCredentials(access))
})

t.test('tls:// asks for TLS for all servers, with a private authority if there is one', async (t) => {
  const ca = path.join(t.testdir({ 'ca.pem': 'a certificate' }), 'ca.pem')
  t.strictSame(natsOptions('tls://broker').tls, {})
  t.strictSame(natsOptions('nats://one,tls://two').tls, {})
  t.strictSame(natsOptions({ url: 'tls://broker', ca }).tls, { ca: 'a certificate' })
  t.notOk('tls' in natsOptions('nats://broker'))
})

const seed = 'SUAOM4ICMSWJJ7QTAXCG2FP4VJI44X5W24WRMN4BXQ7MSZL7FZJCGLGKCU'

t.test('an nkey and a credentials file sign what the broker asks', async (t) => {
  const nkey = await newSeed()
  const { authenticator } = natsOptions({ url: 'nats://x', nkey, user: 'order' })
  t.match(await signed(authenticator), { nkey: /^U/, sig: /./ })
  t.equal(natsOptions({ url: 'nats://x', nkey, user: 'order' }).inboxPrefix, '_INBOX_order')
  const creds = path.join(t.testdir(), 'user.creds')
  await writeFile(creds, credsOf('a.jwt.text', nkey))
  t.match(await signed(natsOptions({ url: 'nats://x', creds }).authenticator), {
    jwt: 'a.jwt.text',
    nkey: /^U/,
  })
})

const wrong: readonly (readonly [string, NatsAccess, RegExp])[] = [
  ['a user without a password', { url: 'nats://x', user: 'a' }, /^NATS_PASSWORD must be set/],
  ['a password without a user', { url: 'nats://x', password: 'hunter2' }, /^NATS_USER must be set/],
  [
    'a URL with a user, and an nkey',
    { url: 'nats://a:hunter2@x', nkey: seed },
    /one kind of credentials: it has the user in NATS_URL and NATS_NKEY/,
  ],
  [
    'a password and a file',
    { url: 'nats://x', user: 'a', password: 'hunter2', creds: '/f' },
    /NATS_PASSWORD and NATS_CREDS/,
  ],
  [
    'servers with different users',
    { url: 'nats://a:hunter2@x,nats://b:hunter2@y' },
    /the same user and password/,
  ],
  ['a user for one of two servers', { url: 'nats://a:hunter2@x,nats://y' }, /the same user and password/],
  ['a percent sign that is none', { url: 'nats://a:hunter2%zz@x' }, /written as %2F/],
  ['an authority without TLS', { url: 'nats://x', ca: '/ca.pem' }, /^NATS_URL must begin with tls:\/\//],
  ['an authority that is not there', { url: 'tls://x', ca: '/nowhere/ca.pem' }, /^NATS_CA must be .*ENOENT/],
  [
    'a credentials file that is not there',
    { url: 'nats://x', creds: '/nowhere' },
    /^NATS_CREDS must be .*ENOENT/,
  ],
  ['an nkey that is none', { url: 'nats://x', nkey: 'hunter2'.repeat(9) }, /^NATS_NKEY must be the seed/],
]
for (const [name, access, expected] of wrong) {
  t.test(`${name} is refused by name, and no secret is shown`, async (t) => {
    t.throws(() => natsOptions(access), { name: 'NatsAccessError', message: expected })
    t.notMatch(accessProblems(access).join(), /hunter2/)
  })
}

t.test('a credentials file that is none is refused', async (t) => {
  const creds = path.join(t.testdir({ 'user.creds': 'nothing of the kind' }), 'user.creds')
  t.throws(() => natsOptions({ url: 'nats://x', creds }), {
    message: /^NATS_CREDS must be .*credentials file/,
  })
})

t.test('what is not used is not judged', async (t) => {
  t.same(accessProblems({ url: '', password: 'for docker-compose.yml' }), [])
})

t.test('a URL is given another user, and the access as one URL', async (t) => {
  t.equal(
    urlWithUser('tls://one:1,tls://x:y@two:2', 'a b', '/#@%'),
    'tls://a%20b:%2F%23%40%25@one:1,tls://a%20b:%2F%23%40%25@two:2',
  )
  t.match(natsOptions(urlWithUser('nats://one:1', 'a b', '/#@%')), { user: 'a b', pass: '/#@%' })
  t.equal(urlOf({ url: 'nats://x:1', user: 'a', password: 'b' }), 'nats://a:b@x:1')
  t.equal(urlOf({ url: 'nats://x:1' }), 'nats://x:1')
})

t.test('an inbox is one word of a subject, whatever the user is called', async (t) => {
  for (const user of ['order', 'a.b', 'x > *', 'ü']) t.match(inboxOf(user), /^_INBOX_[\w-]+$/)
})

type Signing = ReturnType<typeof natsOptions>['authenticator']

async function signed(authenticator: Signing): Promise<unknown> {
  if (typeof authenticator !== 'function') throw new Error('there is no authenticator')
  return authenticator('nonce')
}

async function newSeed(): Promise<string> {
  const { nkeys } = await import('@nats-io/transport-node')
  return Buffer.from(nkeys.createUser().getSeed()).toString()
}

const credsOf = (jwt: string, nkey: string): string =>
  [
    '-----BEGIN NATS USER JWT-----',
    jwt,
    '------END NATS USER JWT------',
    '',
    '-----BEGIN USER NKEY SEED-----',
    nkey,
    '------END USER NKEY SEED------',
    '',
  ].join('\n')
