import t from 'tap'
import type { EndPayment } from './end-money.ts'
import { judgeStaff } from './judge-staff.ts'
import { anOrder, did, emptyEnd, violatedIn } from './testing/world.ts'

const rule = 'what staff have recorded or shipped is so, and what was refused is not'
const invoice: EndPayment = {
  ...{ id: 'p1', order: 'o1', key: undefined, provider: 'offline', status: 'captured', amount: 2_500 },
  ...{ captured: 2_500, refunded: 0, disputed: 0, gate: 'open', keepsMoney: false },
}
const recording = (status: number) =>
  did('bank-1', { name: 'record', order: 'o1', reference: 'bank-1' }, { status })
const shipping = (status: number) => did('parcel-1', { name: 'ship', order: 'o1' }, { status })
const end = { ...emptyEnd, orders: [anOrder()], payments: [invoice] }

t.test('money that was recorded is in the books, and what was refused is not', async (t) => {
  t.same(judgeStaff([recording(200)], end).counts.record, { ok: 1 })
  t.same(violatedIn(judgeStaff([recording(200)], end).rules), [])
  t.same(violatedIn(judgeStaff([recording(200)], { ...end, payments: [] }).rules), [rule])
  const byCard = { ...end, payments: [{ ...invoice, provider: 'stripe' }] }
  t.same(violatedIn(judgeStaff([recording(200)], byCard).rules), [rule])
  t.same(violatedIn(judgeStaff([recording(409)], end).rules), [rule])
})

t.test('an order that was shipped is shipped', async (t) => {
  const shipped = { ...end, orders: [anOrder({ status: 'shipped' })] }
  t.same(violatedIn(judgeStaff([shipping(201)], shipped).rules), [])
  t.same(violatedIn(judgeStaff([shipping(201)], end).rules), [rule])
  t.same(violatedIn(judgeStaff([shipping(409)], shipped).rules), [rule])
})
