import { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { OutboxEvent } from '../../platform/outbox.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Accounts } from '../application/accounts.ts'
import { statusOfPayment, type Account } from '../domain/account.ts'
import { changeOf } from '../domain/events.ts'
import { needsReading, readDelayMs } from '../domain/reading.ts'
import { encodePaymentEvent } from '../infrastructure/payment-events.ts'
import { inMemoryInbox, inMemoryWork } from './in-memory-work.ts'
import { newPaymentTables, type PaymentTables } from './payment-tables.ts'

export type InMemoryPayments = ReturnType<typeof inMemoryPayments>

/** The payments' stores in memory, which store state and events together. `append` gets the events for the outbox. */
export function inMemoryPayments(append: (events: readonly OutboxEvent[]) => void = () => undefined) {
  const tables = newPaymentTables()
  return {
    accounts: inMemoryAccounts(tables, append),
    work: inMemoryWork(tables),
    inbox: inMemoryInbox(tables),
    tables,
  }
}

function inMemoryAccounts(tables: PaymentTables, append: (events: readonly OutboxEvent[]) => void): Accounts {
  const { accounts } = tables
  const requests = keysInMemory()
  const all = () =>
    [...accounts.values()].flatMap(({ gate, payments }) => payments.map((payment) => ({ gate, payment })))
  return {
    find: async (orderId) => accounts.get(orderId),
    recall: async (orderId) => accounts.get(orderId),
    orderOf: async (id) => all().find(({ payment }) => payment.id === id)?.gate.orderId,
    async findRef(provider, ref) {
      const found = all().find(({ payment }) => payment.provider === provider && payment.ref === ref)
      return found && { orderId: found.gate.orderId, paymentId: found.payment.id }
    },
    // It is atomic because it does everything before its first await.
    async update(orderId, decide, { trace, at, once }) {
      const before = accounts.get(orderId)
      const { account: decided, result } = decide(before)
      const { state, events } = changeOf(before, decided, at)
      const isChanged = decided !== before
      if (isChanged) refuseDoubles(tables, state)
      if (once) requests.claim(once.key, once.thing(state))
      if (!isChanged) return { account: decided, result }
      accounts.set(orderId, state)
      planReadings(tables, before, state, at)
      for (const operation of state.operations)
        if (!before?.operations.includes(operation)) tables.leases.delete(operation.id)
      append(events.map((event) => encodePaymentEvent(event, trace)))
      return { account: state, result }
    },
    findByRequest: async (once) => requests.find(once),
    async attemptsSince({ userId, client }, since) {
      const recent = all().filter(({ payment }) => payment.createdAt >= since)
      return {
        ofUser: recent.filter(({ gate }) => userId !== undefined && gate.userId === userId).length,
        ofClient: recent.filter(({ payment }) => client !== '' && payment.client === client).length,
      }
    },
  }
}

/** What the database's constraints say. */
function refuseDoubles({ accounts }: PaymentTables, { gate, payments, refunds }: Account): void {
  for (const { entries } of payments) {
    const keys = entries.map(({ kind, key }) => `${kind} ${key}`)
    if (new Set(keys).size !== keys.length) throw new Error('an entry is there already')
  }
  const causes = refunds.filter(({ cause }) => cause !== '').map(({ cause }) => cause)
  if (new Set(causes).size !== causes.length) throw new Error('a refund of this cause is there already')
  const others = [...accounts.values()].filter((each) => each.gate.orderId !== gate.orderId)
  const bankReferences = (account: Pick<Account, 'payments'>): readonly string[] =>
    account.payments
      .filter(({ provider }) => provider === 'offline')
      .flatMap(({ entries }) => entries.filter(({ kind }) => kind === 'captured').map(({ key }) => key))
  const own = bankReferences({ payments })
  if (own.length > 0 && others.some((other) => bankReferences(other).some((each) => own.includes(each))))
    throw new Refusal('conflict', 'payment.reference-used', 'this bank reference belongs to another order')
}

/** When each payment that has changed is read next. */
function planReadings(tables: PaymentTables, before: Account | undefined, after: Account, at: Date): void {
  for (const payment of after.payments) {
    const earlier = before?.payments.find(({ id }) => id === payment.id)
    if (earlier === payment && before?.refunds === after.refunds) continue
    const plan = tables.readings.get(payment.id)
    const next = needsReading(after, payment) ? new Date(at.getTime() + readDelayMs(0)) : undefined
    const planned = plan?.at
    const soonest = planned && next && planned < next ? planned : next
    const isSame = earlier !== undefined && statusOfPayment(earlier) === statusOfPayment(payment)
    tables.readings.set(payment.id, {
      at: soonest,
      reads: isSame ? (plan?.reads ?? 0) : 0,
      soonAt: plan?.soonAt,
    })
  }
}
