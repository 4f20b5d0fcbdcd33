import pg from 'pg'
import t from 'tap'
import { createLog } from '../platform/log.ts'
import { createScope } from '../platform/run.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { openUserService } from './open-user-service.ts'

// A shop that changes how it hashes passwords, with the accounts that it has.

const log = createLog('test', 'silent')
const nobody = { actor: undefined, correlationId: 'c-1', traceparent: '' }
const { url } = await testDatabase(t)
const sql = new pg.Client({ connectionString: url })
await sql.connect()
t.teardown(() => sql.end())

type Policy = Parameters<typeof openUserService>[1]['passwordPolicy']

/** Runs it with this policy, and closes it. What is done later is done by then. */
async function withPolicy<Result>(
  passwordPolicy: Policy,
  work: (handlers: Awaited<ReturnType<typeof openUserService>>['handlers']) => Promise<Result>,
): Promise<Result> {
  const scope = createScope(log, () => undefined)
  try {
    const { handlers } = await openUserService(scope, {
      ...{ log, passwordPolicy, sessionDays: 30, secondFactorSecret: '', wakeProducer: () => undefined },
      database: { url, applicationName: 'test', maxConnections: 4, statementTimeoutMs: 5_000 },
      secrets: ['a secret of at least 32 bytes, for tests'],
    })
    return await work(handlers)
  } finally {
    await scope.close()
  }
}

const cheap = { algorithm: 'bcrypt', bcryptCost: 4 } as const
const dearer = { algorithm: 'bcrypt', bcryptCost: 5 } as const
const argon2id = { algorithm: 'argon2id', bcryptCost: 4 } as const

const login = (name: string, password = 'correct horse') => ({
  ...{ login: name, password, client: '', address: '', code: '' },
})
const registration = (name: string) => ({
  ...{ username: name, email: `${name}@example.com`, password: 'correct horse' },
  ...{ name: '', phone: '', address: '' },
})

async function hashOf(username: string): Promise<string> {
  const { rows } = await sql.query<{ hash: string }>(
    'select password_hash as hash from users.accounts where username = $1',
    [username],
  )
  return rows[0]?.hash ?? ''
}

t.test(
  'each login hashes its password as it is done today, and opens the account all the while',
  async (t) => {
    await withPolicy(cheap, (handlers) => handlers.registerUser(registration('ada'), nobody))
    for (const [policy, kind] of [
      [argon2id, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/],
      [dearer, /^\$2b\$05\$/],
      [cheap, /^\$2b\$04\$/],
    ] as const)
      await withPolicy(policy, async (handlers) => {
        await handlers.logIn(login('ada'), nobody)
        const hash = await eventually('it is hashed anew', async () => {
          const now = await hashOf('ada')
          return kind.test(now) && now
        })
        await handlers.logIn(login('ada'), nobody)
        await t.rejects(handlers.logIn(login('ada', 'wrong horse'), nobody), { code: 'auth.bad-credentials' })
        t.equal(await hashOf('ada'), hash, 'once')
      })
  },
)

t.test(
  'a wrong password changes nothing, and a sessions goes on when its password is hashed anew',
  async (t) => {
    await withPolicy(cheap, (handlers) => handlers.registerUser(registration('eve'), nobody))
    const before = await hashOf('eve')
    await withPolicy(argon2id, async (handlers) => {
      await t.rejects(handlers.logIn(login('eve', 'wrong horse'), nobody), { code: 'auth.bad-credentials' })
      t.equal(await hashOf('eve'), before)
      const { user, session } = await handlers.logIn(login('eve'), nobody)
      const call = { ...nobody, actor: { kind: 'user', userId: user.id, role: 'customer' } as const }
      // At the same time as the password is hashed anew.
      const change = {
        currentPassword: 'correct horse',
        newPassword: 'battery staple 9',
        sessionId: session.id,
      }
      await handlers.changePassword(change, call)
      t.equal((await handlers.listSessions({}, call)).sessions.length, 1)
      await handlers.logIn(login('eve', 'battery staple 9'), nobody)
    })
    t.match(await hashOf('eve'), /^\$argon2id/)
  },
)

t.test('a login goes on when its password cannot be hashed anew', async (t) => {
  await withPolicy(cheap, (handlers) => handlers.registerUser(registration('joan'), nobody))
  await sql.query(
    `alter table users.accounts add constraint no_argon2 check (password_hash not like '$argon2%') not valid`,
  )
  t.teardown(() => sql.query('alter table users.accounts drop constraint no_argon2'))
  await withPolicy(argon2id, async (handlers) => {
    for (let n = 0; n < 3; n++) await handlers.logIn(login('joan'), nobody)
  })
  t.match(await hashOf('joan'), /^\$2b\$04\$/)
})

t.test('a password of 72 bytes is whole under each algorithm, and a longer one is none', async (t) => {
  const long = 'x1'.repeat(36)
  for (const policy of [cheap, argon2id])
    await withPolicy(policy, async (handlers) => {
      const name = `long-${policy.algorithm}`
      await handlers.registerUser({ ...registration(name), password: long }, nobody)
      await handlers.logIn(login(name, long), nobody)
      await t.rejects(handlers.logIn(login(name, `${long.slice(0, 71)}y`), nobody), {
        code: 'auth.bad-credentials',
      })
      await t.rejects(handlers.registerUser({ ...registration(`${name}er`), password: `${long}x` }, nobody), {
        code: 'user.password-invalid',
      })
    })
})

t.test(
  'a failed login takes the same time for an account with an old hash, with a new one, and without',
  async (t) => {
    await withPolicy({ ...cheap, bcryptCost: 10 }, (handlers) =>
      handlers.registerUser(registration('old'), nobody),
    )
    await withPolicy(argon2id, async (handlers) => {
      await handlers.registerUser(registration('new'), nobody)
      const timeOf = async (name: string): Promise<number> => {
        const start = performance.now()
        await handlers.logIn(login(name, 'wrong horse'), nobody).catch(() => undefined)
        return performance.now() - start
      }
      // The least of several measurements counts, because other work on the machine can only add to the time.
      const least: Record<string, number> = { old: Infinity, new: Infinity, nobody: Infinity }
      for (let n = 0; n < 25; n++)
        for (const name of Object.keys(least)) least[name] = Math.min(least[name] ?? 0, await timeOf(name))
      const times = Object.values(least)
      t.ok(Math.max(...times) < 1.6 * Math.min(...times), JSON.stringify(least))
    })
  },
)
