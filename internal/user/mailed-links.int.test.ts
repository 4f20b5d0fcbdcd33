import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { systemCall } from '../platform/call.ts'
import { createLog } from '../platform/log.ts'
import { createScope } from '../platform/run.ts'
import { newId } from '../platform/new-id.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { answerAfterMs } from './application/request-mail.ts'
import { openUserService } from './open-user-service.ts'

// Password resets and verified e-mail addresses, by the functions of the whole service.

const log = createLog('test', 'silent')
const nobody = { actor: undefined, correlationId: 'c-1', traceparent: '' }
const system = systemCall('c-1')
const { url } = await testDatabase(t)
const sql = new pg.Client({ connectionString: url })
await sql.connect()
const scope = createScope(log, () => undefined)
t.teardown(async () => {
  await scope.close()
  await sql.end()
})
const options = {
  log,
  database: { url, applicationName: 'test', maxConnections: 4, statementTimeoutMs: 5_000 },
  ...{
    passwordPolicy: { algorithm: 'bcrypt', bcryptCost: 4 } as const,
    sessionDays: 30,
    secrets: ['a secret of at least 32 bytes, for tests'],
  },
  wakeProducer: () => undefined,
}
const { handlers } = await openUserService(scope, options)

const words = 'correct horse'
let people = 0

async function newPerson() {
  const username = `person${++people}`
  const email = `${username}@example.com`
  const profile = { name: '', phone: '', address: '' }
  const { user } = await handlers.registerUser({ username, email, password: words, ...profile }, nobody)
  const call = { ...nobody, actor: { kind: 'user', userId: user.id, role: 'customer' } as const }
  const logIn = (password: string) =>
    handlers.logIn({ login: email, password, client: '', address: '' }, nobody)
  return { id: user.id, email, call, logIn }
}

/** The request that the newest event of this kind tells of, as the service of mails asks for it. */
async function mailTo(userId: string, subject: string) {
  const found = await sql.query<{ id: string }>(
    `select data::jsonb ->> 'requestId' as id from producer.outbox
     where aggregate_id = $1 and subject = $2 order by seq desc limit 1`,
    [userId, subject],
  )
  const requestId = found.rows[0]?.id
  return requestId === undefined ? undefined : handlers.describeMailRequest({ requestId }, system)
}

const resetMail = (id: string) => mailTo(id, 'user.password_reset_requested')
const verificationMail = (id: string) => mailTo(id, 'user.email_verification_requested')
const isGone = { code: 'mail-request.not-found' }

/** The answer comes before it is certain that the request is stored. */
async function askForReset(person: { readonly id: string; readonly email: string }) {
  await handlers.requestPasswordReset({ email: person.email }, nobody)
  return eventually('the mail is asked for', () => resetMail(person.id).catch(() => undefined))
}

t.test('registering asks for a mail, whose link verifies the address once', async (t) => {
  const person = await newPerson()
  const { token, ...mail } = (await verificationMail(person.id))!
  t.match(mail, { kind: 'email-verification', email: person.email, username: person.email.split('@')[0] })
  t.notOk((await handlers.getUser({ id: person.id }, person.call)).user.emailVerified)
  await handlers.confirmEmailVerification({ token }, nobody)
  t.ok((await handlers.getUser({ id: person.id }, person.call)).user.emailVerified)
  await t.rejects(handlers.confirmEmailVerification({ token }, nobody), {
    kind: 'invalid',
    code: 'auth.verification-token-invalid',
  })
  await t.rejects(verificationMail(person.id), isGone)
  await handlers.requestEmailVerification({}, person.call)
  await t.rejects(verificationMail(person.id), isGone, 'who has verified it gets no more of them')
})

t.test('only services are told what a mail says', async (t) => {
  const { call } = await newPerson()
  for (const who of [nobody, call, { ...call, actor: { ...call.actor, role: 'admin' } as const }])
    await t.rejects(handlers.describeMailRequest({ requestId: newId() }, who), { code: 'auth.forbidden' })
  await t.rejects(handlers.describeMailRequest({ requestId: newId() }, system), isGone)
  await t.rejects(handlers.describeMailRequest({ requestId: 'x' }, system), {
    code: 'mail-request.id-invalid',
  })
})

t.test('a reset sets the password, verifies the address and ends all sessions', async (t) => {
  const person = await newPerson()
  const { session } = await person.logIn(words)
  const { token } = await askForReset(person)
  await handlers.confirmPasswordReset({ token, newPassword: 'battery staple 9' }, nobody)
  await t.rejects(person.logIn(words), { code: 'auth.bad-credentials' })
  await person.logIn('battery staple 9')
  await t.rejects(handlers.refreshSession({ sessionId: session.id, generation: 1 }, system), {
    code: 'auth.session-revoked',
  })
  t.ok((await handlers.getUser({ id: person.id }, person.call)).user.emailVerified)
})

t.test('one of sixteen who use a link at once sets the password', async (t) => {
  const person = await newPerson()
  const { token } = await askForReset(person)
  const passwords = Array.from({ length: 16 }, (_, n) => `battery staple ${n}`)
  const results = await Promise.allSettled(
    passwords.map((newPassword) => handlers.confirmPasswordReset({ token, newPassword }, nobody)),
  )
  const won = passwords.filter((_, n) => results[n]?.status === 'fulfilled')
  t.equal(won.length, 1)
  for (const result of results)
    if (result.status === 'rejected') t.match(result.reason, { code: 'auth.reset-token-invalid' })
  await person.logIn(won[0] ?? '')
})

t.test('a link is good for nothing but what it was made for', async (t) => {
  const person = await newPerson()
  const verification = (await verificationMail(person.id))!.token
  const reset = (await askForReset(person)).token
  const [id, mac = ''] = reset.split('.')
  const forged = [verification, `${newId()}.${mac}`, `${id}.${mac.slice(1)}A`, `${reset} `, '', 'x']
  for (const token of forged)
    await t.rejects(handlers.confirmPasswordReset({ token, newPassword: 'battery staple 9' }, nobody), {
      code: 'auth.reset-token-invalid',
    })
  await t.rejects(handlers.confirmEmailVerification({ token: reset }, nobody), {
    code: 'auth.verification-token-invalid',
  })
  await person.logIn(words)
})

t.test(
  'the rules of a registration count for a new password, and a refused one spends nothing',
  async (t) => {
    const person = await newPerson()
    const { token } = await askForReset(person)
    const set = (newPassword: string) => handlers.confirmPasswordReset({ token, newPassword }, nobody)
    await t.rejects(set('short'), { code: 'user.password-invalid' })
    await t.rejects(set('password'), { code: 'user.password-common' })
    await t.rejects(set(person.email), { code: 'user.password-is-login' })
    await set('battery staple 9')
  },
)

t.test('a newer request and a changed password make a link void, and so does time', async (t) => {
  const person = await newPerson()
  const isVoid = async (token: string) =>
    t.rejects(handlers.confirmPasswordReset({ token, newPassword: 'battery staple 9' }, nobody), {
      code: 'auth.reset-token-invalid',
    })
  const first = await askForReset(person)
  await handlers.requestPasswordReset({ email: person.email }, nobody)
  const second = await eventually('the newer mail is asked for', async () => {
    const mail = await resetMail(person.id).catch(() => undefined)
    return mail !== undefined && mail.token !== first.token && mail
  })
  await isVoid(first.token)
  const { session } = await person.logIn(words)
  const change = { currentPassword: words, newPassword: 'plain words only', sessionId: session.id }
  await handlers.changePassword(change, person.call)
  await isVoid(second.token)
  const third = await askForReset(person)
  t.ok(
    Math.abs(new Date(third.expiresAt).getTime() - Date.now() - 1_800_000) < 60_000,
    'it is good for 30 minutes',
  )
  await sql.query(`update users.mail_requests set expires_at = now() where user_id = $1`, [person.id])
  await isVoid(third.token)
  await t.rejects(resetMail(person.id), isGone)
})

t.test('nobody fills a mailbox, and the last link stays good', async () => {
  const person = await newPerson()
  for (let n = 0; n < 8; n++) await handlers.requestPasswordReset({ email: person.email }, nobody)
  await eventually('five are stored', async () => {
    const { rows } = await sql.query<{ count: number }>(
      `select count(*)::int as count from users.mail_requests where user_id = $1 and kind = 'password-reset'`,
      [person.id],
    )
    return rows[0]?.count === 5
  })
  const { token } = (await resetMail(person.id))!
  await handlers.confirmPasswordReset({ token, newPassword: 'battery staple 9' }, nobody)
})

t.test('over 200 samples, whether an address is known shows in no time', async (t) => {
  const known = await Promise.all(Array.from({ length: 40 }, newPerson))
  const timeOf = async (email: string): Promise<number> => {
    const start = performance.now()
    t.same(await handlers.requestPasswordReset({ email }, nobody), {})
    return performance.now() - start
  }
  const times = { known: [] as number[], unknown: [] as number[] }
  // Four at once, each at a time of its own, and in each pair another one is the first.
  const lane = async (_: unknown, first: number): Promise<void> => {
    await sleep((first * answerAfterMs) / 4)
    for (let n = first; n < 200; n += 4) {
      const askKnown = async () => times.known.push(await timeOf(known[n % known.length]?.email ?? ''))
      const askUnknown = async () => times.unknown.push(await timeOf(`nobody${n}@example.com`))
      for (const ask of n % 8 < 4 ? [askKnown, askUnknown] : [askUnknown, askKnown]) await ask()
    }
  }
  await Promise.all(Array.from({ length: 4 }, lane))
  t.same([times.known.length, times.unknown.length], [200, 200])
  const [a, b] = [median(times.known), median(times.unknown)]
  t.ok(Math.min(a, b) >= answerAfterMs - 1, 'there was time to do the work')
  t.ok(Math.abs(a - b) < 4, `the medians are ${a.toFixed(2)} ms and ${b.toFixed(2)} ms`)
})

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
