import { retryContention } from '../../platform/database.ts'
import type { Ending, Sessions } from '../application/sessions.ts'
import type { UserId } from '../domain/account.ts'
import { revoked, type Session, type SessionId } from '../domain/session.ts'
import type { Prisma, PrismaClient } from './db/client.ts'
import { endSessionsOf, tellEnded } from './end-sessions.ts'

/**
 * A transaction can commit after one that began later. None takes longer than this, so whoever reads from this long
 * before the last reading leaves nothing out.
 */
const overlapMs = 15_000

/** Longer than any access token lives. */
const rememberedMs = 2 * 86_400_000

/** As JSON they take half of what a message may have. */
const endingsOfAnswer = 4_000

export function prismaSessions(db: PrismaClient, atOnce = endingsOfAnswer): Sessions {
  return {
    async add(session, atMost) {
      await retryContention(() =>
        db.$transaction(async (tx) => {
          // Logins of one person take turns, or they would count each other's sessions wrongly.
          const [owner] = await tx.$queryRaw<{ blocked: boolean }[]>`
            select blocked_at is not null or erased_at is not null as blocked from users.accounts where id = ${session.userId}::uuid
            for no key update`
          // It was blocked or erased since its password was compared.
          if (owner?.blocked) throw revoked()
          await tx.session.create({ data: { ...session, endedAt: session.endedAt ?? null } })
          await endBeyond(tx, session, atMost)
        }),
      )
    },
    update: (id, decide) =>
      retryContention(() =>
        db.$transaction(async (tx) => {
          await tx.$queryRaw`select 1 from users.sessions where id = ${id}::uuid for update`
          const row = await tx.session.findUnique({ where: { id } })
          if (!row) return undefined
          const [seen, session] = [fromRow(row), decide(fromRow(row))]
          await tx.session.update({ where: { id }, data: { ...session, endedAt: session.endedAt ?? null } })
          if (session.endedAt && !seen.endedAt) await tellEnded(tx, id)
          return session
        }),
      ),
    async ofUser(userId, at) {
      const where = { userId, endedAt: null, expiresAt: { gt: at } }
      return (await db.session.findMany({ where, orderBy: { refreshedAt: 'desc' } })).map(fromRow)
    },
    endAll: (userId, except, at) => endSessionsOf(db, userId, except, at),
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

/** Ends the least used sessions of the person that are too many. */
async function endBeyond(tx: Prisma.TransactionClient, { userId, createdAt }: Session, atMost: number) {
  const tooMany = await tx.session.findMany({
    where: { userId, endedAt: null, expiresAt: { gt: createdAt } },
    orderBy: [{ refreshedAt: 'desc' }, { id: 'desc' }],
    skip: atMost,
    select: { id: true },
  })
  for (const { id } of tooMany) {
    await tx.session.update({ where: { id }, data: { endedAt: createdAt } })
    await tellEnded(tx, id as SessionId)
  }
}

type Row = Omit<Session, 'id' | 'userId' | 'endedAt'> & {
  readonly id: string
  readonly userId: string
  readonly endedAt: Date | null
}

const fromRow = (row: Row): Session => ({
  ...row,
  id: row.id as SessionId,
  userId: row.userId as UserId,
  endedAt: row.endedAt ?? undefined,
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
