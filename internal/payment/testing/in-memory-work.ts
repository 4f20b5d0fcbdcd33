import type { Inbox } from '../application/inbox.ts'
import type { DueOperation, NextDue, Work, WorkKind } from '../application/work.ts'
import { withOperation } from '../domain/account.ts'
import { isWaiting, stepOf, type Operation } from '../domain/operation.ts'
import { readDelayMs } from '../domain/reading.ts'
import type { InboxRow, PaymentTables } from './payment-tables.ts'

// The same times as in postgres-work.ts.
const leaseMs = 20_000
const dayMs = 86_400_000
const overlapMs = 3_600_000
const readAgainAfterMs = 2_000

const after = (date: Date, ms: number): Date => new Date(date.getTime() + ms)
const byTime =
  <Item>(timeOf: (item: Item) => Date) =>
  (a: Item, b: Item): number =>
    timeOf(a).getTime() - timeOf(b).getTime()

/** Each method is atomic because it does everything before its first await. */
export function inMemoryWork(tables: PaymentTables): Work {
  return {
    takeOperations: async (now, limit, rulesOf) => takeOperations(tables, now, limit, rulesOf),
    takeReadings: async (now, limit) => takeReadings(tables, now, limit),
    async takeMessages(now, limit) {
      const due = tables.inbox
        .filter(({ status, nextAt }) => status === 'received' && nextAt <= now)
        .sort(byTime(({ nextAt }) => nextAt))
        .slice(0, limit)
      for (const row of due) Object.assign(row, { nextAt: after(now, leaseMs), tries: row.tries + 1 })
      return due.map(({ id, provider, resource, seen, tries, receivedAt, captured }) => ({
        ...{ id, provider, resource, seen, tries, receivedAt, captured },
      }))
    },
    async lateOrders(now, limit) {
      const gates = [...tables.accounts.values()].map(({ gate }) => gate)
      return gates
        .filter(({ lateUntil }) => lateUntil !== undefined && lateUntil <= now)
        .slice(0, limit)
        .map(({ orderId }) => orderId)
    },
    takeComparison: async (now, providers) => takeComparison(tables, now, providers),
    async moveComparison({ provider, to }, { cursor, at }) {
      const row = tables.comparisons.get(provider)
      if (!row) return
      const isOver = cursor === undefined
      if (isOver) Object.assign(row, { from: after(to, -overlapMs), to: after(to, -overlapMs) })
      Object.assign(row, { cursor, nextAt: isOver ? after(at, dayMs) : at })
    },
    nextDue: async (now, providers) => nextDue(tables, now, providers),
    async readSoon(paymentId, now) {
      const plan = tables.readings.get(paymentId)
      const isRecent = plan?.soonAt !== undefined && plan.soonAt >= after(now, -readAgainAfterMs)
      if (plan?.at === undefined || plan.at <= now || isRecent) return false
      tables.readings.set(paymentId, { ...plan, at: now, soonAt: now })
      return true
    },
    async endMessage({ id, seen }, status, now) {
      const row = tables.inbox.find((each) => each.id === id)
      if (!row) return
      const isEnded = row.seen === seen
      Object.assign(row, { done: seen, error: '', tries: 0, nextAt: now })
      if (!isEnded) Object.assign(row, { receivedAt: now })
      row.status = isEnded ? status : 'received'
    },
    async putOffMessage({ id }, { nextAt, error, isDead }) {
      const row = tables.inbox.find((each) => each.id === id && each.status === 'received')
      if (row) Object.assign(row, { nextAt, error, status: isDead ? 'dead' : 'received' })
    },
  }
}

function takeOperations(
  { accounts, leases }: PaymentTables,
  now: Date,
  limit: number,
  rulesOf: Parameters<Work['takeOperations']>[2],
): readonly DueOperation[] {
  const isFree = ({ id }: Operation): boolean => (leases.get(id) ?? now) <= now
  const due = [...accounts.values()]
    .flatMap((account) => account.operations.map((operation) => ({ account, operation })))
    .filter(({ operation }) => isWaiting(operation) && operation.nextAt <= now && isFree(operation))
    .sort(byTime(({ operation }) => operation.nextAt))
    .slice(0, limit)
  return due.map(({ account: { gate, payments }, operation }) => {
    const { orderId } = gate
    const provider = payments.find(({ id }) => id === operation.paymentId)?.provider ?? ''
    const step = stepOf(operation, gate.status === 'open', now, rulesOf(provider))
    leases.set(operation.id, after(now, leaseMs))
    if (step !== 'call') return { orderId, provider, step, operation }
    const { firstTriedAt = now, tries } = operation
    const asked = { ...operation, firstTriedAt, lastTriedAt: now, tries: tries + 1 }
    const account = accounts.get(orderId) // another operation of the order may have been taken just now
    if (account) accounts.set(orderId, withOperation(account, asked))
    return { orderId, provider, step, operation: asked }
  })
}

function takeReadings({ accounts, readings }: PaymentTables, now: Date, limit: number) {
  const due = [...accounts.values()]
    .flatMap(({ gate, payments }) => payments.map((payment) => ({ orderId: gate.orderId, payment })))
    .flatMap(({ orderId, payment: { id, provider, ref } }) => {
      const plan = readings.get(id)
      if (ref === undefined || plan?.at === undefined || plan.at > now) return []
      return [{ plan: { ...plan, at: plan.at }, reading: { orderId, paymentId: id, provider, ref } }]
    })
    .sort(byTime(({ plan }) => plan.at))
    .slice(0, limit)
  return due.map(({ plan, reading }) => {
    const reads = plan.reads + 1
    readings.set(reading.paymentId, { ...plan, reads, at: after(now, readDelayMs(reads)) })
    return reading
  })
}

function takeComparison({ comparisons }: PaymentTables, now: Date, providers: readonly string[]) {
  const provider = providers.find((name) => (comparisons.get(name)?.nextAt ?? after(now, 1)) <= now)
  const row = provider === undefined ? undefined : comparisons.get(provider)
  if (provider === undefined || !row) return undefined
  if (row.cursor === undefined) row.to = now
  row.nextAt = after(now, leaseMs)
  return { provider, from: row.from, to: row.to, cursor: row.cursor }
}

/** A provider's first comparison is planned when somebody asks for the first time. */
function planComparisons({ comparisons }: PaymentTables, now: Date, providers: readonly string[]): void {
  for (const provider of providers) {
    const first = { from: after(now, -overlapMs), to: after(now, -overlapMs), nextAt: after(now, dayMs) }
    if (!comparisons.has(provider)) comparisons.set(provider, { ...first, cursor: undefined })
  }
}

function nextDue(tables: PaymentTables, now: Date, providers: readonly string[]): NextDue {
  planComparisons(tables, now, providers)
  const { accounts, leases, readings, inbox, comparisons } = tables
  const all = [...accounts.values()]
  const times: Readonly<Record<WorkKind, readonly Date[]>> = {
    operation: all.flatMap(({ operations }) =>
      operations.filter(isWaiting).map(({ id, nextAt }) => {
        const lease = leases.get(id)
        return lease !== undefined && lease > nextAt ? lease : nextAt
      }),
    ),
    reading: [...readings.values()].flatMap(({ at }) => at ?? []),
    message: inbox.filter(({ status }) => status === 'received').map(({ nextAt }) => nextAt),
    late: all.flatMap(({ gate }) => gate.lateUntil ?? []),
    comparison: providers.flatMap((provider) => comparisons.get(provider)?.nextAt ?? []),
  }
  return Object.fromEntries(
    Object.entries(times)
      .filter(([, some]) => some.length > 0)
      .map(([kind, some]) => [kind, new Date(Math.min(...some.map((time) => time.getTime())))]),
  )
}

export function inMemoryInbox({ inbox, suspense }: PaymentTables): Inbox {
  return {
    async receive({ provider, eventId, resource, what, captured }, at, dueAt = at) {
      const known = inbox.find((row) =>
        eventId === undefined
          ? row.provider === provider && row.eventId === undefined && row.resource === resource
          : row.provider === provider && row.eventId === eventId,
      )
      if (known && eventId !== undefined) return
      if (known) {
        const nextAt = known.nextAt < dueAt ? known.nextAt : dueAt
        const anew = known.status === 'received' ? {} : { tries: 0, receivedAt: at }
        Object.assign(known, { seen: known.seen + 1, what, captured, nextAt, status: 'received', ...anew })
        return
      }
      const row: InboxRow = {
        ...{ id: String(inbox.length + 1), provider, eventId, resource, what, captured, receivedAt: at },
        ...{ status: 'received', seen: 1, done: 0, tries: 0, nextAt: dueAt, error: '' },
      }
      inbox.push(row)
    },
    async dead(limit) {
      const dead = inbox.filter(({ status }) => status === 'dead').reverse()
      return dead.slice(0, limit).map(({ error: reason, ...row }) => ({ ...row, reason }))
    },
    async requeue(id, at) {
      const row = inbox.find((each) => each.id === id)
      if (row?.status === 'dead')
        Object.assign(row, { status: 'received', tries: 0, nextAt: at, receivedAt: at })
      return row !== undefined
    },
    async suspend({ provider, ref, amountMinor, currency }) {
      const key = `${provider} ${ref}`
      if (suspense.has(key)) return false
      suspense.set(key, { amountMinor, currency })
      return true
    },
    async countByStatus() {
      const count = (wanted: string): number => inbox.filter(({ status }) => status === wanted).length
      return { received: count('received'), dead: count('dead') }
    },
  }
}
