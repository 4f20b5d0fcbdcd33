import t from 'tap'
import { confirmedFile, fileAfter, newReturnId, now, shippedFile } from '../testing/fixtures.ts'
import type { OrderFile } from './order-file.ts'
import { returnStates, returnTransitions, type ReturnState } from './goods-back.ts'
import { moveReturn, requestReturn } from './return.ts'

const whole = () => shippedFile(confirmedFile(), 1, 2)
const wanted = ({ order }: OrderFile, quantity: number, line = 1) => [
  { lineId: order.lines[line]!.id, quantity, reason: 'broken' },
]
const received = (file: OrderFile, resellable: number, damaged: number) =>
  (['resellable', 'damaged'] as const).map((condition) => ({
    lineId: file.order.lines[1]!.id,
    quantity: condition === 'resellable' ? resellable : damaged,
    condition,
  }))

function requested(quantity = 2) {
  const [file, id] = [whole(), newReturnId()]
  return { id, file: requestReturn(file, id, wanted(file, quantity), now).state }
}

t.test('what has left can come back, and no unit twice', (t) => {
  const { file } = requested(1)
  t.match(file.order, { returnStatus: 'open', lines: [{ returned: 0 }, { returned: 1 }] })
  t.throws(() => requestReturn(file, newReturnId(), wanted(file, 2), now), {
    kind: 'conflict',
    code: 'return.exceeds-shipped',
    details: { left: 1 },
  })
  const second = requestReturn(file, newReturnId(), wanted(file, 1), now).state
  t.same(
    second.returns.map(({ returnNo }) => returnNo),
    [1, 2],
  )
  const packed = shippedFile(confirmedFile(), 1)
  t.throws(() => requestReturn(packed, newReturnId(), wanted(packed, 1), now), {
    code: 'return.exceeds-shipped',
  })
  const [line] = wanted(file, 1)
  t.throws(() => requestReturn(whole(), newReturnId(), [line!], now), { code: 'order.unknown-line' })
  t.end()
})

t.test('what is declined, canceled or never comes can be returned another time', (t) => {
  for (const way of [['declined'], ['canceled'], ['approved', 'expired']] as const) {
    const { file, id } = requested()
    const over = fileAfter(
      file,
      ...way.map((to: ReturnState) => (before: OrderFile) => moveReturn(before, id, to, [], now)),
    )
    t.match(over.order, { returnStatus: 'none', lines: [{}, { returned: 0 }] }, way.join())
    t.doesNotThrow(() => requestReturn(over, newReturnId(), wanted(over, 2), now))
  }
  t.end()
})

t.test('goods are received in their condition, and what is missing may still come', (t) => {
  const { file, id } = requested()
  const approved = moveReturn(file, id, 'approved', [], now)!.state
  t.throws(() => moveReturn(approved, id, 'received', [], now), { code: 'return.condition-required' })
  t.throws(() => moveReturn(approved, id, 'received', received(file, 2, 1), now), {
    code: 'return.exceeds-request',
  })
  const { state, events } = moveReturn(approved, id, 'received', received(file, 0, 1), now)!
  t.match(state.returns, [{ awaitingStock: true, lines: [{ resellable: 0, damaged: 1 }] }])
  t.match(state.order, { returnStatus: 'open', lines: [{}, { returned: 1 }] })
  t.match(events, [{ of: 'return', event: { type: 'received', return: { version: 3 } } }])
  const refunded = moveReturn(state, id, 'refunded', [], now)!.state
  t.equal(refunded.order.returnStatus, 'partial')
  t.equal(moveReturn(refunded, id, 'refunded', [], now), undefined, 'twice is once')
  t.end()
})

t.test('an order is returned when all that was shipped is back', (t) => {
  const [file, id] = [whole(), newReturnId()]
  const lines = [...wanted(file, 1, 0), ...wanted(file, 2)]
  const back = lines.map(({ lineId, quantity }) => ({ lineId, quantity, condition: 'resellable' as const }))
  const over = fileAfter(
    file,
    (before) => requestReturn(before, id, lines, now),
    (before) => moveReturn(before, id, 'approved', [], now),
    (before) => moveReturn(before, id, 'received', back, now),
    (before) => moveReturn(before, id, 'refused', [], now),
    (before) => moveReturn(before, id, 'closed', [], now),
  )
  t.equal(over.order.returnStatus, 'returned')
  t.end()
})

t.test('a return moves along its table only', (t) => {
  const { file, id } = requested()
  for (const from of returnStates)
    for (const to of returnStates) {
      const at = { ...file, returns: [{ ...file.returns[0]!, status: from }] }
      const move = () => moveReturn(at, id, to, received(file, 1, 0), now)
      const isAllowed = from === to || returnTransitions[from].includes(to)
      if (isAllowed) t.doesNotThrow(move, `${from} ${to}`)
      else t.throws(move, { code: `return.${from}` })
    }
  t.throws(() => moveReturn(file, newReturnId(), 'approved', [], now), { code: 'return.not-found' })
  t.end()
})
