import fc from 'fast-check'
import t from 'tap'
import { parseUuid } from '../../platform/uuid.ts'
import { newOrderId } from '../testing/fixtures.ts'
import { lineIdOf, lineNoOf } from './line-id.ts'
import type { LineId, OrderId } from './order.ts'
import { maxOrderLines } from './place.ts'

t.test('the lines of an order have different ids, which are UUIDs and lead back to their numbers', (t) => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const numbers = Array.from({ length: maxOrderLines }, (_, index) => index + 1)
      const ids = numbers.map((lineNo) => lineIdOf(id as OrderId, lineNo))
      for (const lineId of ids) parseUuid(lineId, 'test', 'a line')
      return (
        new Set([id, ...ids]).size === maxOrderLines + 1 &&
        ids.every((lineId, index) => lineNoOf(id as OrderId, lineId) === numbers[index])
      )
    }),
    { numRuns: 20 },
  )
  t.end()
})

t.test('the id of a line never changes', (t) => {
  const id = '01920000-0000-7000-8000-0000000000e0' as OrderId
  t.equal(lineIdOf(id, 1), '01920000-0000-7000-8000-0000000000e1')
  t.equal(lineIdOf(id, 1_000), '01920000-0000-7000-8000-000000000308')
  t.end()
})

t.test('lines of other orders are none of this one', (t) => {
  const [one, other] = [newOrderId(), newOrderId()]
  t.equal(lineNoOf(one, lineIdOf(other, 1)), 0)
  t.equal(lineNoOf(one, 'nonsense' as LineId), 0)
  t.end()
})
