import { recordActs } from '../../platform/activity.ts'
import { claimKey, findKey } from '../../platform/idempotency-keys.ts'
import { appendToOutbox, type WakeProducer } from '../../platform/outbox.ts'
import type { DeadLetters } from '../application/ports.ts'
import type { DeadLetter, DeadLetterId, DeadLetterStatus, Header } from '../domain/dead-letter.ts'
import type { PrismaClient } from './db/client.ts'
import type { DeadLetterModel } from './db/models.ts'
import { encodeDeadLetterAdded } from './dead-letter-events.ts'

export function prismaDeadLetters(
  db: PrismaClient,
  now: () => Date,
  wakeProducer: WakeProducer,
): DeadLetters {
  return {
    async add(letter) {
      await db.$transaction(async (tx) => {
        const events = encodeDeadLetterAdded(letter)
        const data = [{ ...toRow(letter), version: events.length }]
        const { count } = await tx.deadLetter.createMany({ data, skipDuplicates: true })
        if (count > 0) await appendToOutbox(tx, events)
      })
      wakeProducer()
    },
    async find(id) {
      const row = await db.deadLetter.findUnique({ where: { id } })
      return row ? fromRow(row) : undefined
    },
    async page({ status, after, limit }) {
      const rows = await db.deadLetter.findMany({
        where: { ...(status ? { status } : {}), ...(after ? { id: { lt: after } } : {}) },
        orderBy: { id: 'desc' },
        take: limit + 1,
      })
      const letters = rows.slice(0, limit).map(fromRow)
      return { letters, next: rows.length > limit ? letters.at(-1)?.id : undefined }
    },
    async findByRequest(once) {
      const id = await findKey(db, 'consumer', once)
      const row = id === undefined ? null : await db.deadLetter.findUnique({ where: { id } })
      return row ? fromRow(row) : undefined
    },
    resolve: ({ id, status, resolution, requeues }, from, once, trace) =>
      db.$transaction(async (tx) => {
        const data = { status, resolution, requeues, resolvedAt: now() }
        const { count } = await tx.deadLetter.updateMany({ where: { id, status: from }, data })
        if (count === 0) return false
        await claimKey(tx, 'consumer', once, id)
        const act = { what: `dead-letter.${status}`, subjectId: id, before: { status: from } }
        if (trace) await recordActs(tx, trace, [{ ...act, after: { status }, reason: resolution }])
        return true
      }),
    countOpen: () => db.deadLetter.count({ where: { status: 'open' } }),
  }
}

/** PostgreSQL cannot store a NUL in text, but a message from outside may have one in a header. */
const withoutNul = (text: string): string => text.replaceAll('\0', '\uFFFD')

function toRow(letter: DeadLetter) {
  return {
    ...letter,
    data: Uint8Array.from(letter.data),
    headers: letter.headers.map(({ name, value }) => ({ name: withoutNul(name), value: withoutNul(value) })),
    messageKey: withoutNul(letter.messageKey),
    eventId: withoutNul(letter.eventId),
    error: withoutNul(letter.error),
  }
}

function fromRow({ resolvedAt: _resolvedAt, version: _version, ...row }: DeadLetterModel): DeadLetter {
  return {
    ...row,
    id: row.id as DeadLetterId,
    status: row.status as DeadLetterStatus,
    headers: row.headers as unknown as readonly Header[], // written by toRow
  }
}
