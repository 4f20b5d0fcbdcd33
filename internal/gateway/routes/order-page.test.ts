import t from 'tap'
import { signedCursors } from '../cursor.ts'
import { order } from '../testing/fake-services.ts'
import { orderPages } from './order-page.ts'
import { orderBody } from './order-schemas.ts'

const cursors = signedCursors('a secret of at least 32 bytes, for tests')
const [mine, theirs] = [
  ['orders', 'me', undefined],
  ['orders', 'them', undefined],
]

t.test('a page is written once for its list', (t) => {
  const written = orderPages(cursors)
  const page = { orders: [order, { ...order, currency: 'JPY' }], nextId: order.id }
  const json = written(page, mine)
  t.strictSame(JSON.parse(json.toString()), {
    data: page.orders.map((each) => JSON.parse(JSON.stringify(orderBody(each))) as unknown),
    nextCursor: cursors.write(mine, [order.id]),
  })
  t.equal(written(page, [...mine]), json)
  t.end()
})

t.test('a page of another list has the cursor of that', (t) => {
  const written = orderPages(cursors)
  const page = { orders: [order], nextId: order.id }
  const cursorOf = (list: typeof mine): string =>
    (JSON.parse(written(page, list).toString()) as { nextCursor: string }).nextCursor
  t.same(cursors.read(mine, cursorOf(mine)), [order.id])
  t.same(cursors.read(theirs, cursorOf(theirs)), [order.id])
  t.same(cursors.read([...mine, 'paid'], cursorOf([...mine, 'paid'])), [order.id])
  t.end()
})

t.test('a page that has changed is another page', (t) => {
  const written = orderPages(cursors)
  const page = { orders: [{ ...order, status: 'pending' }], nextId: undefined }
  const before = written(page, mine)
  const after = written({ ...page, orders: [{ ...order, status: 'confirmed' }] }, mine)
  t.match(before.toString(), /"status":"pending".*"nextCursor":null/)
  t.match(after.toString(), /"status":"confirmed"/)
  t.end()
})
