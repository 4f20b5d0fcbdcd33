import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import type { Order, OrderId } from '../domain/order.ts'
import { admin, customer, newOrderId, now, pendingOrder, trace } from '../testing/fixtures.ts'
import { issueReceipts, listOrderReceipts, sweepReceipts } from './issue-receipts.ts'

function shop(...stored: readonly Order[]) {
  const orders = new Map(stored.map((order) => [order.id, order]))
  const issued: OrderId[] = []
  const marked = new Set<OrderId>()
  const refusals = new Map<OrderId, Error>()
  const receipts = {
    issue: async ({ orderId }: { readonly orderId: OrderId }) => {
      const refusal = refusals.get(orderId)
      if (refusal) throw refusal
      issued.push(orderId)
    },
    list: async (orderId: OrderId) => [`receipt of ${orderId}`],
    async markIssued(ids: readonly OrderId[]) {
      for (const id of ids) marked.add(id)
    },
    missingSince: async () => [...orders.keys()].filter((id) => !marked.has(id)),
  }
  const deps = { orders: { find: async (id: OrderId) => orders.get(id) }, receipts }
  return { deps, issued, marked, refusals, issue: issueReceipts(deps), told: told(...orders.keys()) }
}

const told = (...ids: readonly OrderId[]) => ids.map((orderId) => ({ orderId, trace }))
const paid = (changes: Partial<Order> = {}): Order => ({
  ...{ ...pendingOrder(), status: 'paid', moneyTaken: true },
  ...changes,
})

t.test('an order that is paid for gets its receipt, and has it noted', async (t) => {
  const [due, canceled, authorized] = [paid(), paid({ status: 'canceled' }), paid({ moneyTaken: false })]
  const { issue, issued, marked, told } = shop(due, canceled, authorized)
  t.strictSame(await issue(told), [undefined, undefined, undefined])
  t.strictSame(issued, [due.id])
  t.strictSame([...marked], [due.id])
})

t.test('an order that is not there is refused', async (t) => {
  const [refusal] = await shop().issue(told(newOrderId()))
  t.ok(refusal instanceof Refusal)
})

t.test('one that can never be issued does not hold up the others, and is told', async (t) => {
  const [good, bad] = [paid(), paid()]
  const { deps, issue, issued, marked, refusals, told } = shop(good, bad)
  refusals.set(bad.id, new Refusal('invalid', 'receipt.invalid', 'the amounts do not add up'))
  t.match(await issue(told), [undefined, { code: 'receipt.invalid' }])
  t.strictSame([issued, [...marked]], [[good.id], [good.id]])
  const reports: unknown[] = []
  const sweep = sweepReceipts({ ...sweeping(deps, issue), report: (err) => reports.push(err) })
  t.strictSame(await sweep(30), { receipted: 0 })
  t.match(reports, [{ code: 'receipt.invalid' }])
})

t.test('when nobody issues receipts, the event comes again and nothing is noted', async (t) => {
  const order = paid()
  const { deps, issue, marked, refusals, told } = shop(order)
  refusals.set(order.id, new Refusal('unavailable', 'service.unavailable', 'away'))
  await t.rejects(issue(told), { code: 'service.unavailable' })
  t.equal(marked.size, 0)
  const reports: unknown[] = []
  const sweep = sweepReceipts({ ...sweeping(deps, issue), report: (err) => reports.push(err) })
  t.strictSame(await sweep(30), { receipted: 0 })
  t.equal(reports.length, 1)
  refusals.clear()
  t.strictSame(await sweep(30), { receipted: 1 })
  t.strictSame(await sweep(30), { receipted: 0 }, 'what is noted is not looked at again')
})

t.test("receipts of somebody else's order are not shown", async (t) => {
  const order = paid()
  const list = listOrderReceipts(shop(order).deps)
  const shown = [`receipt of ${order.id}`]
  t.strictSame(await list(order.id, customer(order.userId)), shown)
  t.strictSame(await list(order.id, admin()), shown)
  await t.rejects(list(order.id, customer()), { code: 'order.not-found' })
})

const sweeping = (
  { receipts }: ReturnType<typeof shop>['deps'],
  issue: ReturnType<typeof issueReceipts>,
) => ({
  ...{ receipts, issue, now: () => now },
  isOutage: (err: unknown) => err instanceof Refusal && err.kind === 'unavailable',
})
