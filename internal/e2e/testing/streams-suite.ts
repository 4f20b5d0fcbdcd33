import type { Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { readEvents } from '../../platform/testing/event-reader.ts'
import { buying, shipToBritain } from './buying.ts'
import { openApi, type Api, type OrderBody } from './api.ts'
import { newPerson } from './sessions-suite.ts'
import type { Shop } from './shop.ts'

type Feed = { readonly data: readonly { readonly id: string; readonly orderId: string }[] }

/** What streams promise, at whichever gateway. The first is where orders are placed. */
export function streamsSuite(t: Test, shop: Shop, urls: readonly [string, ...string[]]): void {
  const there = urls.at(-1) ?? urls[0]
  const read = (t: Test, url: string, path: string, token: string, lastId?: string) =>
    readEvents(t, `${url}${path}`, {
      authorization: `Bearer ${token}`,
      ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
    })
  const feed = '/notifications/stream'
  feedTests(t, { shop, urls, there, read, feed })

  t.test('the life of an order is told at every gateway as it goes, and to nobody else', async (t) => {
    const [token, other] = [await shop.api.newCustomer(), await shop.api.newCustomer()]
    const id = (await placed(shop)(token)).id
    const path = `/orders/${id}/events`
    const streams = await Promise.all(urls.map((url) => read(t, url, path, token)))
    t.equal((await read(t, there, path, other)).status, 404)
    for (const stream of streams) {
      await stream.next('order.pending')
      await stream.next('order.confirmed')
    }
    const seen = streams[0]!.lastId()
    const staff = await read(t, there, path, shop.adminToken, seen)
    await shop.api.request('POST', `/orders/${id}/cancel`, { token, body: { reason: 'changed my mind' } })
    for (const stream of [...streams, staff]) {
      const { data } = await stream.next('order.canceled')
      t.match(data, { orderId: id, status: 'canceled', reason: 'changed my mind' })
    }
    t.same(
      streams[0]!
        .events()
        .filter(({ event }) => event !== 'order.progress')
        .map(({ event }) => event),
      ['order.pending', 'order.confirmed', 'order.canceled'],
    )
    t.equal(staff.events()[0]?.event, 'order.canceled', 'what was seen is not told again')
  })

  guestTest(t, { shop, urls, there })

  t.test('staff hear at every gateway which orders change', async (t) => {
    const changes = '/admin/orders/changes'
    const streams = await Promise.all(urls.map((url) => read(t, url, changes, shop.adminToken)))
    for (const stream of streams)
      t.match(await stream.next('orders.changed'), { data: { orderIds: [], isMore: true } })
    const token = await shop.api.newCustomer()
    t.equal((await read(t, there, changes, token)).status, 403)
    const { id } = await placed(shop)(token)
    for (const stream of streams)
      await eventually('the order is named', () =>
        stream.events().some(({ data }) => (data as { orderIds: string[] }).orderIds.includes(id)),
      )
  })

  t.test('leaving ends the streams of the session at all gateways within a second', async (t) => {
    const person = await newPerson(shop.api)
    const [{ body: left }, { body: stays }] = [await person.logIn(), await person.logIn()]
    const streams = await Promise.all(urls.map((url) => read(t, url, feed, left.accessToken)))
    const others = await Promise.all(urls.map((url) => read(t, url, feed, stays.accessToken)))
    t.ok(streams.every(({ status }) => status === 200))
    await shop.api.request('POST', '/auth/logout', { token: left.accessToken })
    const since = performance.now()
    await eventually('they have ended', () => streams.every(({ hasEnded }) => hasEnded()))
    t.ok(performance.now() - since < 1_000)
    t.notOk(others.some(({ hasEnded }) => hasEnded()))
    const found = await shop.api.request<{ data: { id: string }[] }>(
      'GET',
      `/admin/users?q=${person.email}`,
      {
        token: shop.adminToken,
      },
    )
    const account = `/admin/users/${found.body.data[0]!.id}`
    await shop.api.request('PATCH', account, { token: shop.adminToken, body: { blocked: true } })
    const blockedAt = performance.now()
    await eventually('those of a blocked account, too', () => others.every(({ hasEnded }) => hasEnded()))
    t.ok(performance.now() - blockedAt < 1_000)
  })
}

/** Who bought without an account follows the order by its token. */
function guestTest(t: Test, { shop, urls, there }: Pick<Feeding, 'shop' | 'urls' | 'there'>): void {
  t.test('a guest follows the own order with its token, and no other', async (t) => {
    const { filled, buy } = buying(shop.api, await shipToBritain(shop.api, shop.adminToken))
    const product = await shop.newProduct(10)
    const bought = async () => {
      const { cart, who } = await filled({}, product)
      const guest = { email: 'guest@example.com', paymentMethod: 'invoice', paymentToken: undefined }
      const { body } = await buy(who, cart, guest)
      return { id: body.order?.id ?? '', token: body.orderToken ?? '' }
    }
    const [own, other] = [await bought(), await bought()]
    const follow = (url: string, id: string, token: string) =>
      readEvents(t, `${url}/orders/${id}/events`, { 'order-token': token })
    for (const url of urls) {
      const stream = await follow(url, own.id, own.token)
      await stream.next('order.pending')
      t.match((await stream.next('order.confirmed')).data, { orderId: own.id })
      stream.close()
    }
    t.equal((await follow(there, own.id, other.token)).status, 404)
    t.not((await follow(there, own.id, 'x')).status, 200)
  })
}

const placed =
  (shop: Shop) =>
  async (token: string): Promise<OrderBody> => {
    const product = await shop.newProduct(10)
    const items = [{ productId: product.id, quantity: 1 }]
    return (await shop.api.request<OrderBody>('POST', '/orders', { token, body: { items } })).body
  }

type Feeding = {
  readonly shop: Shop
  readonly urls: readonly string[]
  readonly there: string
  readonly feed: string
  readonly read: (
    t: Test,
    url: string,
    path: string,
    token: string,
    lastId?: string,
  ) => ReturnType<typeof readEvents>
}

function feedTests(t: Test, { shop, urls, there, read, feed }: Feeding): void {
  t.test('what comes into a feed comes to every gateway once, and not to others', async (t) => {
    const [token, other] = [await shop.api.newCustomer(), await shop.api.newCustomer()]
    const streams = await Promise.all(urls.map((url) => read(t, url, feed, token)))
    const theirs = await read(t, there, feed, other)
    const { id: orderId } = await placed(shop)(token)
    for (const stream of streams)
      t.match(await stream.next('notification'), { data: { kind: 'order.confirmed', orderId } })
    await placed(shop)(token)
    for (const stream of streams) {
      await stream.next('notification')
      t.equal(stream.events().length, 2)
    }
    t.same(theirs.events(), [])
  })

  t.test('nothing is lost between a page and its stream, nor while nobody reads', async (t) => {
    const token = await shop.api.newCustomer()
    const api: Api = openApi(t, there)
    const made = new Set<string>()
    const placing = (async () => {
      for (let count = 0; count < 12; count++) made.add((await placed(shop)(token)).id)
    })()
    const got = new Set<string>()
    let last = '00000000-0000-0000-0000-000000000000'
    const page = await eventually('the page has something', async () => {
      const { body } = await api.request<Feed>('GET', '/notifications?limit=100', { token })
      return body.data.length > 1 && body.data
    })
    for (const { orderId } of page) got.add(orderId)
    last = page[0]!.id
    // The client is cut off after each event, and comes to one gateway or the other.
    for (let turn = 0; got.size < 12; turn++) {
      const stream = await read(t, urls[turn % urls.length]!, feed, token, last)
      const { data } = await stream.next('notification')
      stream.close()
      last = stream.lastId()
      for (const each of stream.events()) got.add(String(each.data.orderId))
      t.ok(data.orderId)
    }
    await placing
    t.same([...got].sort(), [...made].sort())
  })
}
