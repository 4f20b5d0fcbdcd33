import type { ListOrdersResponseSchema } from '../../gen/order/v1/order_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Cursors, List } from '../cursor.ts'
import { orderText } from './order-schemas.ts'

type Page = Wire<typeof ListOrdersResponseSchema>

/**
 * Writes a page as JSON, with the cursor of the list that it is a part of. A service in this process answers with the
 * same page again while nothing of it has changed, and for the same list that is written once. It is kept as bytes, because
 * a text of this size is copied several times on its way.
 */
export function orderPages(cursors: Cursors): (page: Page, list: List) => Buffer {
  const written = new WeakMap<Page, { readonly list: List; readonly json: Buffer }>()
  return (page, list) => {
    const known = written.get(page)
    if (known && isSame(known.list, list)) return known.json
    const { orders, nextId } = page
    const nextCursor = JSON.stringify(cursors.write(list, nextId === undefined ? undefined : [nextId]))
    const json = Buffer.from(`{"data":[${orders.map(orderText).join()}],"nextCursor":${nextCursor}}`)
    written.set(page, { list, json })
    return json
  }
}

const isSame = (one: List, other: List): boolean =>
  one.length === other.length && one.every((part, index) => part === other[index])
