import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { parseOrderId, parseProductId } from './ids.ts'

t.test('ids are UUIDs in lower case', async (t) => {
  const id = newId()
  t.equal(parseProductId(id.toUpperCase()), id)
  t.equal(parseOrderId(id), id)
})

t.test('anything else is refused', async (t) => {
  for (const value of ['', 'x', 7, null, undefined, `${newId()} `]) {
    t.throws(() => parseProductId(value), { kind: 'invalid', code: 'product.invalid-id' })
    t.throws(() => parseOrderId(value), { kind: 'invalid', code: 'stock.invalid-order-id' })
  }
})
