import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { begin, said, type PaymentStores } from './accounts-contract.ts'
import { captured, later, newOrderId, now, snapshot, trace } from './fixtures.ts'

const rules = () => ({ keyLifetimeMs: 3_600_000, givenUpAfterMs: 86_400_000 })
const leaseMs = 20_000

/** What every store does of the work with providers, and of their messages. Each test gets a store of its own. */
export function paymentWorkContract(t: Test, open: (t: Test) => Promise<PaymentStores>): void {
  t.test('gives an operation to one, who has it until its lease ends or its end is stored', async (t) => {
    const stores = await open(t)
    const { work, accounts } = stores
    const orderId = newOrderId()
    await begin(stores, orderId)
    t.strictSame(await work.takeOperations(later(-1), 4, rules), [], 'it is not due before')
    const [taken] = await work.takeOperations(now, 4, rules)
    t.match(taken, { orderId, provider: 'fake', step: 'call', operation: { kind: 'create', tries: 1 } })
    t.strictSame(taken?.operation.firstTriedAt, now)
    t.match((await accounts.find(orderId))?.operations, [{ tries: 1 }], 'that it is asked for is stored')
    t.strictSame(await work.takeOperations(later(leaseMs - 1), 4, rules), [])
    const [again] = await work.takeOperations(later(leaseMs), 4, rules)
    t.match(again, { operation: { tries: 2 } })
    t.strictSame(again?.operation.firstTriedAt, now)
    await accounts.update(
      orderId,
      (before) => {
        const [operation] = before!.operations
        const next = { ...operation!, nextAt: later(leaseMs + 5) }
        return { account: { ...before!, operations: [next] }, result: undefined }
      },
      { trace, at: later(leaseMs + 1) },
    )
    t.equal(
      (await work.takeOperations(later(leaseMs + 5), 4, rules)).length,
      1,
      'its lease ended with its answer',
    )
  })

  t.test('plans the reading of what is not final, later each time, and soon for who looks', async (t) => {
    const stores = await open(t)
    const { work } = stores
    const orderId = newOrderId()
    const { result: payment } = await begin(stores, orderId)
    await said(stores, orderId, () => snapshot({ state: 'action_required', actionUrl: 'http://bank' }))
    t.strictSame(await work.takeReadings(later(4_999), 4), [])
    t.match(await work.takeReadings(later(5_000), 4), [
      { orderId, paymentId: payment.id, provider: 'fake', ref: 'pi_1' },
    ])
    t.strictSame(await work.takeReadings(later(14_999), 4), [])
    t.ok(await work.readSoon(payment.id, later(6_000)))
    t.equal((await work.takeReadings(later(6_000), 4)).length, 1)
    t.notOk(await work.readSoon(payment.id, later(7_000)), 'it was read a moment ago')
    await said(stores, orderId, () => captured())
    t.strictSame(await work.takeReadings(later(100_000), 4), [], 'it is final')
    t.notOk(await work.readSoon(payment.id, later(100_000)))
  })

  t.test('keeps a message once for its event, and counts those that have none', async (t) => {
    const { work, inbox } = await open(t)
    const message = { provider: 'fake', resource: 'pi_1', what: 'changed' }
    for (const eventId of ['evt_1', 'evt_1', undefined, undefined])
      await inbox.receive({ ...message, eventId }, now)
    const due = [...(await work.takeMessages(now, 9))].sort((a, b) => a.seen - b.seen)
    t.match(due, [
      { resource: 'pi_1', seen: 1, tries: 1 },
      { resource: 'pi_1', seen: 2, tries: 1 },
    ])
    t.strictSame(await work.takeMessages(later(leaseMs - 1), 9), [], 'somebody has them')
    const [event, hint] = due
    await work.endMessage(event!, 'done', now)
    await inbox.receive({ ...message, eventId: undefined }, now)
    await work.endMessage(hint!, 'done', later(1))
    const again = { seen: 3, receivedAt: later(1) }
    t.match(await work.takeMessages(later(1), 9), [again], 'what has come meanwhile is handled too')
    t.match(await inbox.countByStatus(), { received: 1 })
  })

  t.test('keeps a dead message until staff ask for it again', async (t) => {
    const { work, inbox } = await open(t)
    await inbox.receive({ provider: 'fake', eventId: 'evt_1', resource: 'pi_1', what: 'changed' }, now)
    const [message] = await work.takeMessages(now, 1)
    await work.putOffMessage(message!, { nextAt: later(10), error: 'no answer', isDead: false })
    t.strictSame(await work.takeMessages(later(9), 1), [])
    const [again] = await work.takeMessages(later(10), 1)
    await work.putOffMessage(again!, { nextAt: later(20), error: 'no answer', isDead: true })
    t.match(await inbox.dead(9), [{ id: message!.id, resource: 'pi_1', reason: 'no answer', tries: 2 }])
    t.strictSame(await work.takeMessages(later(50_000), 1), [])
    t.ok(await inbox.requeue(message!.id, later(60_000)))
    t.notOk(await inbox.requeue('4711', now))
    const [asked] = await work.takeMessages(later(60_000), 1)
    t.match(asked, { id: message!.id, tries: 1 })
    await work.putOffMessage(asked!, { nextAt: later(60_000), error: 'no answer', isDead: true })
    t.match(await inbox.dead(9), [{ receivedAt: later(60_000) }], 'it has waited since it was asked for')
  })

  t.test('begins anew with a hint that has ended and comes again', async (t) => {
    const { work, inbox } = await open(t)
    const hint = { provider: 'fake', eventId: undefined, resource: 'pi_1', what: 'changed' }
    const dieAt = async (at: Date): Promise<void> => {
      const [message] = await work.takeMessages(at, 1)
      t.equal(message?.tries, 1)
      await work.putOffMessage(message!, { nextAt: at, error: 'no answer', isDead: true })
    }
    await inbox.receive(hint, now)
    await dieAt(now)
    await inbox.receive(hint, later(7_200_000))
    await dieAt(later(7_200_000))
    t.match(await inbox.dead(9), [{ receivedAt: later(7_200_000), tries: 1 }])
  })

  t.test('keeps money without an order in sight, once', async (t) => {
    const { inbox } = await open(t)
    const money = { provider: 'fake', ref: newId(), amountMinor: 5n, currency: 'EUR' }
    t.strictSame([await inbox.suspend(money, now), await inbox.suspend(money, now)], [true, false])
  })

  t.test('compares once a day, page by page, from where it was last', async (t) => {
    const { work } = await open(t)
    const providers = ['fake']
    await work.nextDue(now, providers)
    t.equal(await work.takeComparison(now, providers), undefined)
    const first = await work.takeComparison(later(86_400_000), providers)
    t.match(first, { provider: 'fake', cursor: undefined, to: later(86_400_000) })
    t.equal(await work.takeComparison(later(86_400_001), providers), undefined, 'somebody has it')
    await work.moveComparison(first!, { cursor: 'page-2', at: later(86_401_000) })
    const second = await work.takeComparison(later(86_401_000), providers)
    t.match(second, { cursor: 'page-2', from: first!.from, to: first!.to })
    await work.moveComparison(second!, { cursor: undefined, at: later(86_402_000) })
    t.equal(await work.takeComparison(later(86_402_001), providers), undefined)
    const next = await work.takeComparison(later(2 * 86_402_000), providers)
    t.ok(next!.from < first!.to, 'it overlaps what was compared before')
  })

  t.test('says when the next piece of each kind is due', async (t) => {
    const stores = await open(t)
    const { work, inbox } = stores
    const due = async () => {
      const { comparison, ...rest } = await work.nextDue(now, ['fake'])
      t.strictSame(comparison, later(86_400_000))
      return rest
    }
    t.strictSame(await due(), {})
    await begin(stores, newOrderId())
    t.strictSame(await due(), { operation: now })
    await begin(stores, newOrderId())
    await work.takeOperations(now, 1, rules)
    t.strictSame(await due(), { operation: now }, 'the other one is due')
    await work.takeOperations(now, 1, rules)
    t.strictSame(await due(), { operation: later(leaseMs) })
    await inbox.receive({ provider: 'fake', eventId: 'evt_1', resource: 'pi_1', what: 'changed' }, later(5))
    t.strictSame((await due()).message, later(5))
  })
}
