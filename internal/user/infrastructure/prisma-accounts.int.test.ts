import t, { type Test } from 'tap'
import { openDatabase } from '../../platform/database.ts'
import { createLog } from '../../platform/log.ts'
import { createScope } from '../../platform/run.ts'
import { testDatabase } from '../../platform/testing/database.ts'
import { openAccount } from '../domain/account.ts'
import { accountsContract, morning, newAccount, trace } from '../testing/accounts-contract.ts'
import { PrismaClient } from './db/client.ts'
import { erasuresContract, type ErasuresFixture } from '../testing/erasures-contract.ts'
import { identitiesContract } from '../testing/identities-contract.ts'
import { mailRequestsContract } from '../testing/mail-requests-contract.ts'
import { sessionOf, sessionsContract } from '../testing/sessions-contract.ts'
import { apiKeysContract, newKey } from '../testing/api-keys-contract.ts'
import { addressBooksContract, type AddressBooksFixture } from '../testing/address-books-contract.ts'
import { newId } from '../../platform/new-id.ts'
import { prismaAddressBooks } from './prisma-address-books.ts'
import { hashOf, newSecret, prismaApiKeys } from './prisma-api-keys.ts'
import { prismaAccounts } from './prisma-accounts.ts'
import { prismaErasures } from './prisma-erasures.ts'
import { prismaIdentities, prismaLoginCodes } from './prisma-identities.ts'
import { prismaMailRequests } from './prisma-mail-requests.ts'
import { prismaSessions } from './prisma-sessions.ts'

const log = createLog('test', 'silent')
const { url } = await testDatabase(t)
const scope = createScope(log, () => undefined)
const db = new PrismaClient({
  adapter: openDatabase(scope, log, {
    url,
    applicationName: 'test',
    maxConnections: 4,
    statementTimeoutMs: 5_000,
  }),
})
t.teardown(async () => {
  await db.$disconnect()
  await scope.close()
})

async function open(_t: Test): Promise<ErasuresFixture & AddressBooksFixture> {
  await db.$executeRawUnsafe(
    'truncate users.accounts, users.sessions, users.endings, users.mail_requests, users.identities, users.addresses, users.login_codes, users.erasures, producer.outbox, producer.unpublished',
  )
  const published = async (): Promise<readonly string[]> => {
    const rows = await db.$queryRawUnsafe<{ line: string }[]>(
      `select concat_ws(' ', subject, aggregate_id, aggregate_version, data::json ->> 'reason', data::json ->> 'by',
        data::json ->> 'changed') as line from producer.outbox order by seq`,
    )
    return rows.map(({ line }) => line)
  }
  const wake = (): void => undefined
  return {
    accounts: prismaAccounts(db, wake),
    mailRequests: prismaMailRequests(db, wake),
    sessions: prismaSessions(db, wake),
    identities: prismaIdentities(db, wake),
    loginCodes: prismaLoginCodes(db),
    erasures: prismaErasures(db, wake),
    addressBooks: prismaAddressBooks(db),
    published,
  }
}

accountsContract(t, open)
sessionsContract(t, open)
apiKeysContract(t, async () => {
  await db.$executeRawUnsafe('truncate users.api_keys, users.endings')
  const ended = async (): Promise<readonly string[]> =>
    (await db.ending.findMany({ orderBy: { id: 'asc' } })).map(({ sessionId }) => sessionId ?? '')
  return { apiKeys: prismaApiKeys(db, () => undefined), ended }
})

t.test('a key is in the log without its secret, and its digest is stored nowhere else', async (t) => {
  const apiKeys = prismaApiKeys(db, () => undefined)
  const by = { kind: 'user', id: newId(), address: '192.0.2.1' } as const
  const [key, hash] = [newKey(), hashOf(newSecret())]
  await apiKeys.add(key, hash, { ...trace, by })
  await apiKeys.remove(key.id, { ...trace, by })
  const rows = await db.$queryRawUnsafe<{ what: string; text: string }[]>(
    'select what, before || after as text from producer.activity where subject_id = $1 order by id',
    key.id,
  )
  t.same(
    rows.map(({ what }) => what),
    ['api-key.created', 'api-key.deleted'],
  )
  t.notOk(rows.some(({ text }) => text.includes(hash)))
})
mailRequestsContract(t, open)
identitiesContract(t, open)
erasuresContract(t, open)
addressBooksContract(t, open)

t.test('a key is kept for a week, and old ones go where new ones come', async (t) => {
  const { accounts } = await open(t)
  const age = (days: number) => new Date(Date.now() - days * 86_400_000)
  const row = (key: string, days: number) => ({ key, fingerprint: 'f', thing: 'x', at: age(days) })
  await db.idempotencyKey.createMany({ data: [row('six days', 6), row('eight days', 8), row('a year', 365)] })
  await accounts.add(openAccount(newAccount(), morning), trace, { key: 'new', fingerprint: 'f' })
  const kept = await db.idempotencyKey.findMany({ where: { thing: 'x' }, select: { key: true } })
  t.same(kept, [{ key: 'six days' }])
})

t.test('endings that do not fit into one answer come in several', async (t) => {
  const { accounts } = await open(t)
  const few = prismaSessions(db, () => undefined, 2)
  const account = await accounts.add(openAccount(newAccount(), morning), trace)
  const sessions = Array.from({ length: 5 }, () => sessionOf(account))
  for (const session of sessions) await few.add(session, 100, trace)
  await few.endAll(account.id, { reason: 'logged_out_everywhere', at: morning }, trace)
  const told: unknown[] = []
  let [afterId, answers]: [string | undefined, number] = [undefined, 0]
  do {
    const { endings, nextId } = await few.endings({ since: undefined, withinSeconds: 60, afterId })
    told.push(...endings.map((ending) => 'sessionId' in ending && ending.sessionId))
    afterId = nextId
    answers++
  } while (afterId !== undefined)
  t.equal(answers, 3)
  t.same(told.sort(), sessions.map(({ id }) => id).sort())
})
