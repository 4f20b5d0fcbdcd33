import t from 'tap'
import { createLog } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import { createScope } from '../platform/run.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { openUserService } from './open-user-service.ts'

const log = createLog('test', 'silent')
const call = { actor: undefined, correlationId: 'c-1', traceparent: '' }
const profile = { name: '', phone: '', address: '' }

const { url } = await testDatabase(t)
const scope = createScope(log, () => undefined)
t.teardown(() => scope.close())
let woken = 0
const secrets = ['a secret of at least 32 bytes, for tests']
const options = {
  log,
  secrets,
  database: { url, applicationName: 'test', maxConnections: 4, statementTimeoutMs: 5_000 },
  wakeProducer: () => {
    woken++
  },
}
/** This one has the real cost. The other one is cheaper, for tests that do not look at time. */
const atFullCost = await openUserService(scope, {
  ...options,
  secondFactorSecret: '',
  passwordPolicy: { algorithm: 'bcrypt', bcryptCost: 10 },
  sessionDays: 30,
})
const { handlers, health, ensureAccount } = await openUserService(scope, {
  ...options,
  secondFactorSecret: '',
  passwordPolicy: { algorithm: 'bcrypt', bcryptCost: 7 },
  sessionDays: 30,
})

const login = (name: string, password: string) => ({
  login: name,
  password,
  code: '',
  client: '',
  address: '',
})

function registration(name: string) {
  return { username: name, email: `${name}@example.com`, password: 'correct horse', ...profile }
}

t.test('registers, wakes the producer, logs in and shows no hash', async (t) => {
  const before = woken
  const { user } = await handlers.registerUser(registration('ada'), call)
  t.equal(woken, before + 1)
  t.match(user, { username: 'ada', email: 'ada@example.com', role: 'customer' })
  t.strictSame((await handlers.logIn(login('ADA', 'correct horse'), call)).user, user)
  t.notMatch(JSON.stringify(user), /\$2/)
  await t.rejects(handlers.logIn(login('ada', 'wrong horse'), call), {
    code: 'auth.bad-credentials',
  })
})

t.test('registers one of sixteen who want the same at once', async (t) => {
  const results = await Promise.allSettled(
    Array.from({ length: 16 }, () => handlers.registerUser(registration('grace'), call)),
  )
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const result of results) {
    if (result.status === 'rejected') t.match(result.reason, { kind: 'conflict', code: 'user.email-taken' })
  }
})

t.test('hashing leaves the event loop free', async (t) => {
  const before = performance.eventLoopUtilization()
  await Promise.all(
    Array.from({ length: 12 }, (_, n) => atFullCost.handlers.registerUser(registration(`busy-${n}`), call)),
  )
  // If the passwords were hashed on the event loop, they would use all of its time.
  const { utilization } = performance.eventLoopUtilization(before)
  t.ok(utilization < 0.7, `the event loop was busy for ${(100 * utilization).toFixed(0)} % of the time`)
})

t.test('refuses more logins than it can do soon', async (t) => {
  const logins = Array.from({ length: 400 }, () => handlers.logIn(login('ada', 'correct horse'), call))
  const results = await Promise.allSettled(logins)
  const refused = results.filter(({ status }) => status === 'rejected')
  t.ok(refused.length > 0 && refused.length < 400)
  for (const result of results)
    if (result.status === 'rejected') t.match(result.reason, { kind: 'unavailable', code: 'overloaded' })
})

t.test('changes and shows a profile', async (t) => {
  const { user } = await handlers.registerUser(registration('joan'), call)
  const own = { ...call, actor: { kind: 'user', userId: user.id, role: 'customer' } as const }
  const { user: changed } = await handlers.updateProfile({ name: 'Joan', phone: '1' }, own)
  t.match(changed, { name: 'Joan', phone: '1', address: '' })
  t.strictSame(await handlers.getUser({ id: user.id }, own), { user: changed })
  await t.rejects(handlers.getUser({ id: 'not-an-id' }, own), { kind: 'invalid', code: 'user.id-invalid' })
  await t.rejects(handlers.getUser({ id: newId() }, own), { code: 'auth.forbidden' })
})

t.test('makes an admin once', async (t) => {
  const wanted = { email: 'admin@example.com', password: 'admin-password', role: 'admin' } as const
  const id = await ensureAccount(wanted)
  t.equal(await ensureAccount(wanted), id)
  t.match(await handlers.logIn(login('admin', 'admin-password'), call), {
    user: { id, role: 'admin' },
  })
})

t.test('is ready while its database is', async (t) => {
  t.match(await health.checkReadiness({}, call), { checks: [{ ready: true, detail: '' }] })
  t.strictSame(await health.readGauges({}, call), { gauges: [] })
  const elsewhere = createScope(log, () => undefined)
  t.teardown(() => elsewhere.close())
  const away = await openUserService(elsewhere, {
    log,
    secrets,
    database: {
      url: 'postgresql://nobody@127.0.0.1:1/none',
      applicationName: 'test',
      maxConnections: 2,
      statementTimeoutMs: 500,
    },
    secondFactorSecret: '',
    passwordPolicy: { algorithm: 'bcrypt', bcryptCost: 4 },
    sessionDays: 30,
    wakeProducer: () => undefined,
  })
  t.match(await away.health.checkReadiness({}, call), { checks: [{ ready: false }] })
})

t.test('says the same after the same time, whatever is wrong', async (t) => {
  const timeOf = async (name: string): Promise<number> => {
    const start = performance.now()
    await atFullCost.handlers.logIn(login(name, 'wrong horse'), call).catch(() => undefined)
    return performance.now() - start
  }
  await atFullCost.handlers.registerUser(registration('hedy'), call)
  // The least of several measurements counts, because other work on the machine can only add to the time. They take turns,
  // so that it adds to both.
  let [known, unknown] = [Infinity, Infinity]
  for (let n = 0; n < 7; n++) {
    known = Math.min(known, await timeOf('hedy'))
    unknown = Math.min(unknown, await timeOf('nobody-at-all'))
  }
  t.ok(Math.abs(known - unknown) < 0.5 * known, `${known.toFixed(0)} ms and ${unknown.toFixed(0)} ms`)
})
