import pg from 'pg'
import { generateSync } from 'otplib'
import t from 'tap'
import { systemCall } from '../platform/call.ts'
import { createLog } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import { createScope } from '../platform/run.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { openUserService } from './open-user-service.ts'
import { forgingIssuer } from './testing/forging-issuer.ts'

// Logins by a provider of OpenID Connect that does wrong when it is told to.

const log = createLog('test', 'silent')
const nobody = { actor: undefined, correlationId: 'c-1', traceparent: '' }
const { url } = await testDatabase(t)
const sql = new pg.Client({ connectionString: url })
await sql.connect()
const issuer = await forgingIssuer(t, 'shop')
const scope = createScope(log, () => undefined)
t.teardown(async () => {
  await scope.close()
  await sql.end()
})
const { handlers } = await openUserService(scope, {
  log,
  database: { url, applicationName: 'test', maxConnections: 4, statementTimeoutMs: 5_000 },
  ...{ passwordPolicy: { algorithm: 'bcrypt', bcryptCost: 4 }, sessionDays: 30 },
  secrets: ['a secret of at least 32 bytes, for tests'],
  secondFactorSecret: 'another secret of at least 32 bytes',
  wakeProducer: () => undefined,
  oidcProviders: [
    { id: 'forger', issuer: issuer.url, clientId: 'shop', clientSecret: 'secret' },
    { id: 'away', issuer: 'http://127.0.0.1:9', clientId: 'shop', clientSecret: 'secret' },
  ],
})

const redirectUri = 'http://localhost/auth/oidc/forger/callback'
const returnTo = 'http://localhost/back'
const begin = (provider = 'forger') =>
  handlers.beginIdentityLogin({ provider, redirectUri, returnTo }, nobody)
const finish = (callback: string, attempt: string, provider = 'forger') =>
  handlers.finishIdentityLogin({ provider, url: callback, attempt }, nobody)

/** Somebody logs in at the provider, who says this of them. */
async function comeBack(claims: Readonly<Record<string, unknown>>, isForeign = false) {
  issuer.behave({ claims, isForeign })
  const { url: to, attempt } = await begin()
  return finish(issuer.logIn(to), attempt)
}

const redeem = (code: string, secondFactorCode = '') =>
  handlers.redeemLoginCode({ code, secondFactorCode, client: 'test', address: '::1' }, nobody)
let people = 0
const newEmail = () => `person${++people}@example.com`
const register = async (email: string, password = 'correct horse') => {
  const username = email.slice(0, email.indexOf('@'))
  const profile = { name: '', phone: '', address: '' }
  const { user } = await handlers.registerUser({ username, email, password, ...profile }, nobody)
  return { ...nobody, actor: { kind: 'user', userId: user.id, role: 'customer' } as const }
}
const verify = (userId: string) =>
  sql.query('update users.accounts set email_verified_at = now() where id = $1', [userId])
const logIn = (login: string) =>
  handlers.logIn({ login, password: 'correct horse', client: '', address: '', code: '' }, nobody)

t.test('the first time makes an account without a password, and the next time finds it', async (t) => {
  const email = newEmail()
  const { code, returnTo: to } = await comeBack({ sub: 's-1', email, name: 'Ada  Lovelace' })
  t.equal(to, returnTo)
  const { user, session } = await redeem(code)
  t.match(user, { email, emailVerified: true, role: 'customer', username: email.split('@')[0] })
  t.ok(session.id)
  const again = await comeBack({ sub: 's-1', email: newEmail() })
  t.equal((await redeem(again.code)).user.id, user.id, 'whatever address it has there by now')
  await t.rejects(logIn(email), { code: 'auth.bad-credentials' })
  const call = { ...nobody, actor: { kind: 'user', userId: user.id, role: 'customer' } as const }
  const change = { currentPassword: 'x', newPassword: 'battery staple 9', sessionId: session.id }
  await t.rejects(handlers.changePassword(change, call), { kind: 'conflict', code: 'user.no-password' })
  const { rows } = await sql.query(
    'select subject from producer.outbox where aggregate_id = $1 order by seq',
    [user.id],
  )
  const told = ['user.created', 'user.identity_linked', 'session.started', 'session.started']
  t.same(
    rows,
    told.map((subject) => ({ subject })),
  )
})

t.test('a code gives a session once, for a minute, and is not stored', async (t) => {
  const { code } = await comeBack({ sub: 's-2', email: newEmail() })
  const { rows } = await sql.query<{ digest: string }>('select digest from users.login_codes')
  t.ok(rows.length > 0 && rows.every(({ digest }) => digest !== code))
  const taken = await Promise.allSettled(Array.from({ length: 16 }, () => redeem(code)))
  t.equal(taken.filter(({ status }) => status === 'fulfilled').length, 1)
  const isBad = { kind: 'unauthenticated', code: 'auth.login-code-invalid' }
  await t.rejects(redeem(code), isBad)
  const { code: old } = await comeBack({ sub: 's-2' })
  await sql.query(`update users.login_codes set expires_at = now()`)
  await t.rejects(redeem(old), isBad)
  await t.rejects(redeem('x'), isBad)
})

t.test('a login is finished by the browser that has begun it, with the state of that attempt', async (t) => {
  issuer.behave({ claims: { sub: 's-3', email: newEmail() } })
  const [mine, theirs] = [await begin(), await begin()]
  const isBad = { kind: 'invalid', code: 'auth.login-attempt-invalid' }
  await t.rejects(finish(issuer.logIn(theirs.url), mine.attempt), isBad, "another attempt's state")
  await t.rejects(finish(issuer.logIn(mine.url), ''), isBad, 'no cookie')
  const [about = '', mac] = mine.attempt.split('.')
  const forged = {
    ...(JSON.parse(Buffer.from(about, 'base64url').toString()) as object),
    returnTo: 'https://evil.example',
  }
  const text = Buffer.from(JSON.stringify(forged)).toString('base64url')
  await t.rejects(finish(issuer.logIn(mine.url), `${text}.${mac}`), isBad, 'another place to go to')
  await t.rejects(finish(issuer.logIn(mine.url), mine.attempt, 'away'), isBad, 'another provider')
  t.match(await finish(issuer.logIn(mine.url), mine.attempt), { code: /^.{43}$/, error: '' })
})

for (const [what, claims, isForeign] of [
  ['a nonce of another login', { nonce: 'x' }, false],
  ['no nonce', { nonce: undefined }, false],
  ['another issuer', { iss: 'https://accounts.google.com' }, false],
  ['a token for another shop', { aud: 'another' }, false],
  ['a token that is over', { exp: 1 }, false],
  ['a token that somebody else has signed', {}, true],
] as const)
  t.test(`${what} lets nobody in`, async (t) => {
    const email = newEmail()
    const finished = await comeBack({ sub: `wrong ${what}`, email, ...claims }, isForeign)
    t.match(finished, { code: '', error: 'auth.identity-invalid', returnTo })
    t.equal((await handlers.findAccount({ login: email }, nobody)).id, '')
  })

t.test('a code of the provider is good for its own attempt only, and once', async (t) => {
  issuer.behave({ claims: { sub: 's-4', email: newEmail() } })
  const [one, other] = [await begin(), await begin()]
  const stolen = new URL(issuer.logIn(other.url))
  stolen.searchParams.set('state', new URL(issuer.logIn(one.url)).searchParams.get('state') ?? '')
  t.match(await finish(stolen.href, one.attempt), { error: 'auth.identity-invalid' }, 'PKCE')
  const back = issuer.logIn(other.url)
  t.match(await finish(back, other.attempt), { error: '' })
  t.match(await finish(back, other.attempt), { error: 'auth.identity-invalid' })
})

t.test('who was not let in is sent on with the reason', async (t) => {
  const { url: to, attempt } = await begin()
  const state = new URL(to).searchParams.get('state') ?? ''
  const refused = `${redirectUri}?error=access_denied&state=${state}`
  t.match(await finish(refused, attempt), { error: 'auth.identity-refused', returnTo })
})

t.test('an address that the provider has not verified links and makes nothing', async (t) => {
  const call = await register(newEmail())
  const { user } = await handlers.getUser({ id: call.actor.userId }, call)
  for (const claims of [
    { email_verified: false },
    { email_verified: undefined },
    { email_verified: 'false' },
  ])
    for (const email of [user.email, newEmail()]) {
      const finished = await comeBack({ sub: 'unverified', email, ...claims })
      t.match(finished, { code: '', error: 'auth.identity-email-unverified' })
    }
  t.same((await handlers.listIdentities({}, call)).identities, [])
})

t.test('a verified account is linked, and keeps its password and sessions', async (t) => {
  const email = newEmail()
  const call = await register(email)
  await verify(call.actor.userId)
  await logIn(email)
  const { code } = await comeBack({ sub: 's-5', email: email.toUpperCase() })
  t.equal((await redeem(code)).user.id, call.actor.userId)
  await logIn(email)
  t.equal((await handlers.listSessions({}, call)).sessions.length, 3)
  t.match((await handlers.listIdentities({}, call)).identities, [{ provider: 'forger' }])
})

t.test('a second factor is asked for whichever way somebody comes', async (t) => {
  const email = newEmail()
  const call = await register(email)
  await verify(call.actor.userId)
  const { secret } = await handlers.beginSecondFactor({}, call)
  await handlers.confirmSecondFactor({ code: generateSync({ secret, epoch: Date.now() / 1_000 - 30 }) }, call)
  const { code } = await comeBack({ sub: 's-with-second-factor', email })
  await t.rejects(redeem(code), { code: 'auth.second-factor-required' })
  await t.rejects(redeem(code, '000000'), { code: 'auth.bad-second-factor' })
  const { user } = await redeem(code, generateSync({ secret }))
  t.equal(user.id, call.actor.userId, 'the code of the login was good until then')
  await t.rejects(redeem(code, generateSync({ secret, epoch: Date.now() / 1_000 + 30 })), {
    code: 'auth.login-code-invalid',
  })
})

t.test(
  'who guesses codes at a login by another provider is stopped, and so is the right code meanwhile',
  async (t) => {
    const email = newEmail()
    const call = await register(email)
    await verify(call.actor.userId)
    const { secret } = await handlers.beginSecondFactor({}, call)
    await handlers.confirmSecondFactor(
      { code: generateSync({ secret, epoch: Date.now() / 1_000 - 30 }) },
      call,
    )
    const { code } = await comeBack({ sub: 's-guessed', email })
    for (let n = 0; n < 10; n++) await t.rejects(redeem(code, '000000'), { code: 'auth.bad-second-factor' })
    await t.rejects(redeem(code, '000000'), { code: 'auth.too-many-codes' })
    await t.rejects(redeem(code, generateSync({ secret })), { code: 'auth.too-many-codes' })
  },
)

t.test('whoever registered an address before its owner came is out when the owner comes', async (t) => {
  const email = newEmail()
  const attacker = await register(email)
  const { session } = await logIn(email)
  const { secret } = await handlers.beginSecondFactor({}, attacker)
  await handlers.confirmSecondFactor({ code: generateSync({ secret }) }, attacker)
  const { code } = await comeBack({ sub: 's-6', email })
  const owner = await redeem(code)
  t.match(owner.user, { id: attacker.actor.userId, emailVerified: true })
  await t.rejects(logIn(email), { code: 'auth.bad-credentials' })
  await t.rejects(handlers.refreshSession({ sessionId: session.id, generation: 1 }, systemCall('')), {
    code: 'auth.session-revoked',
  })
  t.equal((await handlers.listSessions({}, attacker)).sessions.length, 1, "the owner's")
  const { rows } = await sql.query(
    `select subject, data::json as data from producer.outbox where aggregate_id = $1 and occurred_at >=
      (select occurred_at from producer.outbox where aggregate_id = $1 and subject = 'user.identity_linked') order by seq`,
    [attacker.actor.userId],
  )
  t.match(rows, [
    { subject: 'session.revoked', data: { sessionId: session.id, reason: 'identity_linked' } },
    { subject: 'user.updated', data: { changed: ['email_verified', 'second_factor'] } },
    { subject: 'user.identity_linked' },
    { subject: 'user.password_changed', data: { by: 'identity' } },
    { subject: 'session.started', data: { sessionId: owner.session.id } },
  ])
})

t.test('nobody unlinks the only way in, nor what is not theirs', async (t) => {
  const { user } = await redeem((await comeBack({ sub: 's-7', email: newEmail() })).code)
  const call = { ...nobody, actor: { kind: 'user', userId: user.id, role: 'customer' } as const }
  const identities = async () => (await handlers.listIdentities({}, call)).identities
  const [first] = await identities()
  await t.rejects(handlers.unlinkIdentity({ id: first?.id ?? '' }, call), {
    kind: 'conflict',
    code: 'user.last-login',
  })
  await t.rejects(handlers.unlinkIdentity({ id: newId() }, call), { code: 'identity.not-found' })
  const stranger = await register(newEmail())
  await t.rejects(handlers.unlinkIdentity({ id: first?.id ?? '' }, stranger), { code: 'identity.not-found' })
  await redeem((await comeBack({ sub: 's-8', email: user.email })).code)
  const both = (await identities()).map(({ id }) => id)
  t.equal(both.length, 2)
  const results = await Promise.allSettled(both.map((id) => handlers.unlinkIdentity({ id }, call)))
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1, 'one of both at once')
  t.equal((await identities()).length, 1)
})

t.test('the same person who comes eight times at once has one account', async (t) => {
  const email = newEmail()
  issuer.behave({ claims: { sub: 's-9', email } })
  const finished = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const { url: to, attempt } = await begin()
      return finish(issuer.logIn(to), attempt)
    }),
  )
  const users = await Promise.all(finished.map(async ({ code }) => (await redeem(code)).user.id))
  t.equal(new Set(users).size, 1)
})

t.test('a blocked account stays closed', async (t) => {
  const email = newEmail()
  const { user } = await redeem((await comeBack({ sub: 's-10', email })).code)
  await sql.query('update users.accounts set blocked_at = now() where id = $1', [user.id])
  t.match(await comeBack({ sub: 's-10', email }), { error: 'auth.blocked' })
  t.match(await comeBack({ sub: 's-11', email }), { error: 'auth.blocked' })
})

t.test('a provider that is away disturbs nobody else, and is asked again', async (t) => {
  await t.rejects(begin('away'), { kind: 'unavailable', code: 'auth.provider-unavailable' })
  await t.rejects(begin('nobody'), { kind: 'not-found', code: 'auth.provider-not-found' })
  const { url: to, attempt } = await begin()
  issuer.fail(503)
  t.match(await finish(issuer.logIn(to), attempt), { error: 'auth.provider-unavailable' })
  issuer.fail(undefined)
  t.match(await comeBack({ sub: 's-12', email: newEmail() }), { error: '' })
  t.same((await handlers.listIdentityProviders({}, nobody)).providers, [
    { id: 'forger', name: 'Forger' },
    { id: 'away', name: 'Away' },
  ])
})

t.test('a provider that does not answer is given up after five seconds', async (t) => {
  const { url: to, attempt } = await begin()
  issuer.fail('hang')
  const finished = await finish(issuer.logIn(to), attempt)
  issuer.fail(undefined)
  t.match(finished, { error: 'auth.provider-unavailable' })
})
