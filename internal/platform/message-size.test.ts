import fc from 'fast-check'
import t from 'tap'
import { fitting, fittingLists, maxMessageBytes, partsOf } from './message-size.ts'

const sizes = fc.array(fc.nat(maxMessageBytes * 1.2), { maxLength: 12 })
const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0)

t.test('as many fit as a message has room for, and one in any case', (t) => {
  const property = fc.property(sizes, (list) => {
    const count = fitting(list, (size) => size)
    t.ok(count >= Math.min(1, list.length))
    if (count > 1) t.ok(sum(list.slice(0, count)) <= maxMessageBytes)
    if (count < list.length) t.ok(sum(list.slice(0, count + 1)) > maxMessageBytes)
  })
  fc.assert(property)
  t.end()
})

t.test('lists stay whole: those of as many owners as fit, and the rest is named', (t) => {
  const list = Array.from({ length: 300 }, () => 'x'.repeat(1_000))
  const { items, unread } = fittingLists([
    ['a', list],
    ['b', list],
    ['c', list],
    ['d', list],
    ['e', []],
  ])
  t.equal(items.length, 900)
  t.same(unread, ['d', 'e'])
  t.same(fittingLists([['a', ['x'.repeat(2 * maxMessageBytes)]]]).unread, [], 'one in any case')
  t.same(fittingLists([]), { items: [], unread: [] })
  t.end()
})

t.test('parts have all items in their order, and no part weighs too much for more than one', (t) => {
  const property = fc.property(sizes, (list) => {
    const parts = partsOf(list, maxMessageBytes, (size) => size)
    t.same(parts.flat(), list)
    for (const part of parts) t.ok(part.length === 1 || (part.length > 1 && sum(part) <= maxMessageBytes))
  })
  fc.assert(property)
  t.end()
})
