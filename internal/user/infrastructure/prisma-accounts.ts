import type { Trace } from '../../platform/call.ts'
import { recordActs } from '../../platform/activity.ts'
import { retryContention } from '../../platform/database.ts'
import { claimKey, findKey } from '../../platform/idempotency-keys.ts'
import { appendToOutbox, type WakeProducer } from '../../platform/outbox.ts'
import type { AccountFilter, Accounts, AccountsPage, EndsSessions } from '../application/accounts.ts'
import { taken } from '../application/taken.ts'
import type { Account, AccountChange, UserId } from '../domain/account.ts'
import { Prisma, type PrismaClient } from './db/client.ts'
import { accessActs } from './access-acts.ts'
import { fromRow, toRow } from './account-rows.ts'
import { endSessionsOf, tellRights } from './end-sessions.ts'
import { storeIdentities } from './store-identities.ts'
import { endMailRequests, storeMailRequests } from './store-mail-requests.ts'
import { encodeAccountEvent } from './user-json.ts'

export function prismaAccounts(db: PrismaClient, wakeProducer: WakeProducer): Accounts {
  return {
    find: (id) => findAccountRow(db, id),
    async findByLogin(login) {
      const row = await db.account.findUnique({ where: login })
      return row ? fromRow(row) : undefined
    },
    async findByRequest(once) {
      const id = await findKey(db, 'users', once)
      const row = id === undefined ? null : await db.account.findUnique({ where: { id } })
      return row ? fromRow(row) : undefined
    },
    async add(change, trace, once) {
      try {
        await retryContention(() =>
          db.$transaction(async (tx) => {
            await claimKey(tx, 'users', once, change.state.id)
            await tx.account.create({ data: toRow(change.state) })
            await appendEvents(tx, change, trace)
          }),
        )
      } catch (err) {
        if (!isTaken(err)) throw err
        // The other writer has committed, or there would be no violation. If both are taken, the e-mail address is
        // reported, because people know theirs.
        const sameEmail = await db.account.count({ where: { email: change.state.email } })
        throw taken(sameEmail > 0 ? 'email' : 'username')
      }
      wakeProducer()
      return change.state
    },
    async hashKinds() {
      // The same as `kindOf`. It reads the whole table, and is asked for once in a while.
      const rows = await db.$queryRaw<{ kind: string | null }[]>`
        select distinct substring(
          password_hash from '^\\$(?:2[aby]\\$\\d\\d|argon2id\\$v=19\\$m=\\d+,t=\\d+,p=\\d+)\\$'
        ) as kind from users.accounts`
      return rows.flatMap(({ kind }) => kind ?? [])
    },
    page: (filter) => pageAccounts(db, filter),
    async update(id, decide, trace, ends, once) {
      const state = await retryContention(() =>
        db.$transaction(async (tx) => {
          await claimKey(tx, 'users', once, id)
          return changeAccount(tx, id, decide, trace, ends)
        }),
      )
      wakeProducer()
      return state
    },
  }
}

export async function findAccountRow(
  db: Pick<PrismaClient, 'account'>,
  id: UserId,
): Promise<Account | undefined> {
  const row = await db.account.findUnique({ where: { id } })
  return row ? fromRow(row) : undefined
}

export async function lockAccount(tx: Prisma.TransactionClient, id: UserId): Promise<void> {
  await tx.$queryRaw`select 1 from users.accounts where id = ${id}::uuid for update`
}

/** Stores what is decided about the locked account, and what follows from it. Nothing when that is undefined. */
export async function changeAccount(
  tx: Prisma.TransactionClient,
  id: UserId,
  decide: (account: Account) => AccountChange | undefined,
  trace: Trace,
  ends?: EndsSessions,
): Promise<Account | undefined> {
  await lockAccount(tx, id)
  const row = await tx.account.findUnique({ where: { id } })
  // Whoever still has a token of an erased account, or a link, must not make it a person's again.
  if (!row || row.erasedAt) return undefined
  const seen = fromRow(row)
  const change = decide(seen)
  if (!change) return seen
  await tx.account.update({ where: { id }, data: toRow(change.state) })
  if (change.state.accessVersion > row.accessVersion) await tellRights(tx, change.state)
  if (ends) {
    await endSessionsOf(tx, id, ends, trace)
    await endMailRequests(tx, id, ends.at, 'password-reset')
  }
  // The links were sent to an address that is not theirs any more.
  if (change.state.email !== row.email) await endMailRequests(tx, id, change.state.updatedAt)
  await appendEvents(tx, change, trace)
  await recordActs(tx, trace, accessActs(seen, change.state))
  return change.state
}

/** Stores what the contexts tell of an erased account: events only. */
export async function storeErased(
  tx: Prisma.TransactionClient,
  id: UserId,
  decide: (account: Account) => AccountChange,
  trace: Trace,
): Promise<void> {
  const row = await tx.account.findUnique({ where: { id } })
  if (!row) return
  const change = decide(fromRow(row))
  await tx.account.update({ where: { id }, data: toRow(change.state) })
  await appendEvents(tx, change, trace)
}

async function pageAccounts(
  db: PrismaClient,
  { query, role, limit, after }: AccountFilter,
): Promise<AccountsPage> {
  // Prisma takes these for the wildcards of LIKE.
  const begins = query === undefined ? undefined : { startsWith: query.replace(/[\\%_]/g, '\\$&') }
  const rows = await db.account.findMany({
    where: {
      erasedAt: null,
      ...(begins ? { OR: [{ email: begins }, { username: begins }] } : {}),
      ...(role === undefined ? {} : { role }),
      ...(after === undefined ? {} : { id: { lt: after } }),
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
  })
  const accounts = rows.slice(0, limit).map(fromRow)
  return { accounts, next: rows.length > limit ? accounts.at(-1)?.id : undefined }
}

async function appendEvents(
  tx: Prisma.TransactionClient,
  change: AccountChange,
  trace: Trace,
): Promise<void> {
  await storeMailRequests(tx, change)
  await storeIdentities(tx, change)
  await appendToOutbox(
    tx,
    change.events.map((event) => encodeAccountEvent(event, trace)),
  )
}

/** P2002 is Prisma's code for a violated unique index. */
function isTaken(err: unknown): boolean {
  return err instanceof Prisma.PrismaClientKnownRequestError && err.code === 'P2002'
}
