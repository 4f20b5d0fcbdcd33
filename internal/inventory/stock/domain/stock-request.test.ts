import t from 'tap'
import { line, newOrderId, newProductId } from '../../testing/fixtures.ts'
import { createStockRequest } from './stock-request.ts'

const orderId = newOrderId()
const [lamp, vase] = [{ id: newProductId() }, { id: newProductId() }]

t.test('lines of one product become one', async (t) => {
  const request = createStockRequest(orderId, [line(lamp, 1), line(vase, 2), line(lamp, 3)])
  t.strictSame(request, { orderId, lines: [line(lamp, 4), line(vase, 2)] })
})

t.test('a request asks for something', async (t) => {
  t.throws(() => createStockRequest(orderId, []), { code: 'stock.invalid-request', details: { orderId } })
})

t.test('impossible quantities are refused', async (t) => {
  for (const quantity of [0, -1, 1.5, NaN, 2 ** 31])
    t.throws(() => createStockRequest(orderId, [line(lamp, quantity)]), {
      kind: 'invalid',
      code: 'stock.invalid-request',
    })
  t.throws(() => createStockRequest(orderId, [line(lamp, 2 ** 31 - 1), line(lamp, 1)]), {
    code: 'stock.invalid-request',
  })
})
