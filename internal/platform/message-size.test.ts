import fc from 'fast-check'
import t from 'tap'
import { fitting, fittingLists, fittingPage, maxMessageBytes, partsOf } from './message-size.ts'

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

t.test('a page ends early where its message is full, and says behind which item it goes on', async (t) => {
  const item = (id: string, size: number) => ({ id, text: 'x'.repeat(size) })
  const [small, large] = [item('a', 10), item('b', maxMessageBytes - 200)]
  t.same(fittingPage([small, large], 'b'), { items: [small, large], nextId: 'b' })
  t.same(fittingPage([small, large], undefined), { items: [small, large], nextId: undefined })
  t.same(fittingPage([large, small, item('c', 300)], 'c'), { items: [large, small], nextId: 'a' })
  t.same(fittingPage([large, item('c', 300)], undefined), { items: [large], nextId: 'b' })
  t.same(fittingPage([], undefined), { items: [], nextId: undefined })
})
