import type { Charge } from '../charges.ts'
import type { EndPayment } from '../end-money.ts'
import type { EndState } from '../end-state.ts'
import { judgeMoney } from '../judge-money.ts'
import type { Attempts } from '../operations.ts'
import { anOrder, did, emptyEnd, violatedIn } from './world.ts'

// An order of 25.00 that was paid by one card, and what each rule says when something of it is not so.

export const order = anOrder
export const payment = (more: Partial<EndPayment> = {}): EndPayment => ({
  ...{ id: 'p1', order: 'o1', key: 'pay-1', provider: 'stripe', status: 'captured', amount: 2_500 },
  ...{ captured: 2_500, refunded: 0, disputed: 0, gate: 'open', keepsMoney: false },
  ...more,
})
export const charge = (more: Partial<Charge> = {}): Charge => ({
  ...{ ref: 'pi_1', paymentId: 'p1', orderId: 'o1', status: 'captured', captured: 2_500, refunded: 0 },
  ...{ provider: 'stripe', disputed: 0, refunds: [] },
  ...more,
})
const end = (more: Partial<EndState> = {}): EndState => ({
  ...{ ...emptyEnd, orders: [order()], payments: [payment()] },
  ...more,
})
export const paying = did(
  'pay-1',
  { name: 'pay', order: 'o1', method: 'card', token: 'pm_card_visa' },
  {
    payment: { id: 'p1', orderId: 'o1', amount: 25 },
  },
)

type World = { operations?: readonly Attempts[]; state?: Partial<EndState>; charges?: readonly Charge[] }
export const judged = ({ operations = [paying], state = {}, charges = [charge()] }: World) =>
  judgeMoney(operations, end(state), charges)
export const broken = (world: World): readonly string[] => violatedIn(judged(world).rules)
