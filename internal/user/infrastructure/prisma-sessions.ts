import type { Trace } from '../../platform/call.ts'
import { retryContention } from '../../platform/database.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { Ending, Sessions } from '../application/sessions.ts'
import type { UserId } from '../domain/account.ts'
import { revoked, type EndReason, type Session, type SessionId } from '../domain/session.ts'
import type { Prisma, PrismaClient } from './db/client.ts'
import { endSessionsOf, tellEnded } from './end-sessions.ts'
import { lockAccount } from './prisma-accounts.ts'
import { tellSessions, type ToldSession } from './session-events.ts'

/**
 * A transaction can commit after one that began later. None takes longer than this, so whoever reads from this long
 * before the last reading leaves nothing out.
 */
const overlapMs = 15_000

/** Longer than any access token lives. */
const rememberedMs = 2 * 86_400_000

/** As JSON they take half of what a message may have. */
const endingsOfAnswer = 4_000

export function prismaSessions(
  db: PrismaClient,
  wakeProducer: WakeProducer,
  atOnce = endingsOfAnswer,
): Sessions {
  return {
    async add(session, atMost, trace) {
      await retryContention(() => db.$transaction((tx) => addSession(tx, session, atMost, trace)))
      wakeProducer()
    },
    async update(id, decide, trace) {
      const updated = await retryContention(() =>
        db.$transaction((tx) => changeSession(tx, id, decide, trace)),
      )
      if (updated?.endedAt) wakeProducer()
      return updated
    },
    async ofUser(userId, at) {
      const where = { userId, endedAt: null, expiresAt: { gt: at } }
      return (await db.session.findMany({ where, orderBy: { refreshedAt: 'desc' } })).map(fromRow)
    },
    async endAll(userId, ends, trace) {
      await retryContention(() =>
        db.$transaction(async (tx) => {
          await lockAccount(tx, userId)
          await endSessionsOf(tx, userId, ends, trace)
        }),
      )
      wakeProducer()
    },
    async endings({ since, withinSeconds, afterId }) {
      const [{ now } = { now: new Date() }] = await db.$queryRaw<
        { now: Date }[]
      >`select clock_timestamp() as now`
      const from = since ? since.getTime() - overlapMs : now.getTime() - withinSeconds * 1_000 - overlapMs
      const rows = await db.ending.findMany({
        where: {
          at: { gte: new Date(from) },
          ...(afterId === undefined ? {} : { id: { gt: BigInt(afterId) } }),
        },
        orderBy: { id: 'asc' },
        take: atOnce,
      })
      const nextId = rows.length < atOnce ? undefined : String(rows.at(-1)?.id)
      return { endings: rows.map(endingFrom), asOf: now, nextId }
    },
    async forget(before) {
      const isOver = { OR: [{ expiresAt: { lt: before } }, { endedAt: { lt: before } }] }
      await db.session.deleteMany({ where: isOver })
      await db.ending.deleteMany({ where: { at: { lt: new Date(before.getTime() - rememberedMs) } } })
    },
  }
}

async function addSession(
  tx: Prisma.TransactionClient,
  session: Session,
  atMost: number,
  trace: Trace,
): Promise<void> {
  // Logins of one person take turns, or they would count each other's sessions wrongly.
  const [owner] = await tx.$queryRaw<{ blocked: boolean }[]>`
    select blocked_at is not null or erased_at is not null as blocked from users.accounts
    where id = ${session.userId}::uuid for no key update`
  // It was blocked or erased since its password was compared.
  if (owner?.blocked) throw revoked()
  await tx.session.create({ data: { ...toRow(session), isTold: true } })
  const started = { id: session.id, reason: undefined, at: session.createdAt }
  const ended = await endBeyond(tx, session, atMost)
  await tellSessions(tx, session.userId, [started, ...ended], trace)
}

async function changeSession(
  tx: Prisma.TransactionClient,
  id: SessionId,
  decide: (session: Session) => Session,
  trace: Trace,
): Promise<Session | undefined> {
  await lockOwner(tx, id)
  const row = await tx.session.findUnique({ where: { id } })
  if (!row) return undefined
  const [seen, session] = [fromRow(row), decide(fromRow(row))]
  await tx.session.update({ where: { id }, data: toRow(session) })
  const { userId, endReason: reason, endedAt: at } = session
  if (!at || seen.endedAt) return session
  await tellEnded(tx, id)
  await tellSessions(tx, userId, [{ id, reason, at }], trace)
  return session
}

/** Whoever changes a session holds the lock of its account, which counts what is told of it. */
async function lockOwner(tx: Prisma.TransactionClient, id: SessionId): Promise<void> {
  await tx.$queryRaw`
    select 1 from users.accounts
    where id = (select user_id from users.sessions where id = ${id}::uuid) for no key update`
}

/** Ends the least used sessions of the person that are too many. */
async function endBeyond(
  tx: Prisma.TransactionClient,
  { userId, createdAt }: Session,
  atMost: number,
): Promise<readonly ToldSession[]> {
  const tooMany = await tx.session.findMany({
    where: { userId, endedAt: null, expiresAt: { gt: createdAt } },
    orderBy: [{ refreshedAt: 'desc' }, { id: 'desc' }],
    skip: atMost,
    select: { id: true },
  })
  const ended = { endedAt: createdAt, endReason: 'too_many' } as const
  for (const { id } of tooMany) {
    await tx.session.update({ where: { id }, data: ended })
    await tellEnded(tx, id as SessionId)
  }
  return tooMany.map(({ id }) => ({ id: id as SessionId, reason: ended.endReason, at: createdAt }))
}

type Row = Omit<Session, 'id' | 'userId' | 'endedAt' | 'endReason'> & {
  readonly id: string
  readonly userId: string
  readonly endedAt: Date | null
  readonly endReason: string | null
  readonly isTold: boolean
}

const toRow = (session: Session) => ({
  ...session,
  ...{ endedAt: session.endedAt ?? null, endReason: session.endReason ?? null },
})

const fromRow = ({ isTold: _, ...row }: Row): Session => ({
  ...row,
  id: row.id as SessionId,
  userId: row.userId as UserId,
  endedAt: row.endedAt ?? undefined,
  endReason: (row.endReason as EndReason | null) ?? undefined, // only the domain gives reasons
})

type EndingRow = {
  readonly sessionId: string | null
  readonly userId: string | null
  readonly accessVersion: number
}

function endingFrom({ sessionId, userId, accessVersion }: EndingRow): Ending {
  return sessionId === null
    ? { userId: userId as UserId, accessVersion } // the table holds one of the two
    : { sessionId: sessionId as SessionId }
}
