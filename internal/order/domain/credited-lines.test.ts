import t from 'tap'
import { newReturnId, now, shippedFile } from '../testing/fixtures.ts'
import { purchase } from '../testing/purchases.ts'
import { buy } from './buy.ts'
import { creditedLines } from './credited-lines.ts'
import type { ReturnState } from './goods-back.ts'
import { lineIdOf } from './line-id.ts'
import type { OrderFile } from './order-file.ts'
import { confirm } from './order.ts'
import { moveReturn, requestReturn } from './return.ts'

/** Two units of a checkout, which were sent. */
function sent(): OrderFile {
  const { state } = buy(purchase(), now)
  return shippedFile({ order: confirm(state, now).state, shipments: [], returns: [] }, 2)
}

/** So many units of them come back, and are refunded. */
function back(file: OrderFile, quantity: number): OrderFile {
  const [id, lineId] = [newReturnId(), file.order.lines[0]!.id]
  let after = requestReturn(file, id, [{ lineId, quantity, reason: '' }], now, true).state
  const goods = [{ lineId, quantity, condition: 'damaged' as const }]
  for (const to of ['approved', 'received', 'refunded'] as ReturnState[])
    after = moveReturn(after, id, to, goods, now)!.state
  return after
}

t.test('a full withdrawal gives the delivery back, and a part of it does not', (t) => {
  const file = sent()
  const delivery = lineIdOf(file.order.id, 0)
  const credited = (of: OrderFile) => creditedLines(of).find(({ lineId }) => lineId === delivery)
  t.match(credited(file), { quantity: 1, returned: 0, totalMinor: 600n })
  const half = back(file, 1)
  t.match(credited(half), { returned: 0 })
  t.match(credited(back(half, 1)), { returned: 1 }, 'in two returns as well as in one')
  t.match(credited(back(file, 2)), { returned: 1 })
  t.end()
})
