import { AckPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { brokerUsers } from '../platform/broker-users.ts'
import { natsOptions } from '../platform/nats-access.ts'
import { newId } from '../platform/new-id.ts'
import { streams } from '../platform/streams.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { testNats, type TestBroker } from '../platform/testing/nats-server.ts'
import { services } from '../services.ts'
import { composeBroker } from './testing/compose-broker.ts'
import { anonymousAnswer, openRogue, type Rogue } from './testing/rogue.ts'
import { openOnBroker, type Shop } from './testing/shop.ts'

// What issue 11 did as an anonymous user is tried by everybody who may reach the broker, while a shop runs on it.

const system = { actor: 'system' }
const localBroker = (t: Test): Promise<TestBroker> => testNats(t, { users: brokerUsers(services) })

for (const [name, open] of [
  ['the local stack', localBroker],
  ['docker-compose.yml', composeBroker],
] as const) {
  t.test(`the broker of ${name}`, async (t) => {
    const shop = await openOnBroker(t, await open(t))
    const world = await placeOrder(shop)

    t.test('a client without credentials is shown out before it can do anything', async (t) => {
      t.match(await anonymousAnswer(shop.nats.url), /^-ERR 'Authorization Violation'\r\n$/)
      const { host } = new URL(shop.nats.url)
      for (const url of [
        `nats://${host}`,
        `nats://owner:guess@${host}`,
        `nats://gateway:guess@${host}`,
        `nats://token@${host}`,
      ])
        await t.rejects(
          connect({ ...natsOptions(url), reconnect: false }),
          { name: 'AuthorizationError' },
          url,
        )
    })

    t.test('a subscriber reads events, and does nothing else', async (t) => {
      const rogue = await openRogue(t, shop.nats.urlOf('subscriber'))
      await readsEvents(t, rogue, world.emails)
      const before = await lastSeqs(t, shop)
      await publishesNothing(t, rogue, world.orderId)
      await asksNobody(t, rogue, world)
      await hearsNobody(t, rogue, 'subscriber')
      await changesNoStream(t, rogue)
      await touchesNoForeignDurable(t, rogue, await settlingDurable(t, shop))
      await deliversNothingElsewhere(t, rogue)
      t.same(await lastSeqs(t, shop), before, 'no stream has changed')
      await logsIn(shop)
      t.same(
        rogue.heard.filter((subject) => subject.startsWith('svc.')),
        [],
      )
    })

    for (const { name: service } of services) {
      t.test(`the user of ${service} does nothing that is not its business`, async (t) => {
        const rogue = await openRogue(t, shop.nats.urlOf(service))
        await hearsNobody(t, rogue, service)
        for (const { family } of streams) {
          if (service === 'producer') continue
          t.notOk(await rogue.mayPublish(`${family}.forged`), `${family}.forged`)
        }
        if (service !== 'producer') await changesNoStream(t, rogue)
        for (const subject of foreignQuestions(service))
          t.match(await rogue.ask(subject, { id: world.orderId }, system), /Permissions Violation/, subject)
        t.match(
          await rogue.ask('$JS.API.STREAM.CREATE.MINE', { name: 'MINE', subjects: ['svc.>'] }),
          /Permissions Violation/,
        )
        t.notOk(await rogue.mayPublish('$SYS.REQ.SERVER.PING'))
      })
    }

    t.test('and the shop goes on', async () => {
      await placeOrder(shop)
      await shop.auditIsClean()
    })
  })
}

type World = { readonly orderId: string; readonly productId: string; readonly emails: readonly string[] }

async function placeOrder(shop: Shop<TestBroker>): Promise<World> {
  const { api, newProduct, settled, adminToken } = shop
  const { id: productId } = await newProduct(10)
  const token = await api.newCustomer()
  const body = { items: [{ productId, quantity: 3 }] }
  const { body: order } = await api.request<{ id: string }>('POST', '/orders', { token, body })
  const { status } = await settled(order.id, token)
  if (status !== 'confirmed') throw new Error(`the order is ${status}`)
  const item = { productId, quantity: 1 }
  await api.request('POST', '/cart/items', { token, body: item })
  const address = {
    ...{ name: 'Ada Lovelace', line1: '12 St James Square', city: 'London' },
    ...{ postalCode: 'SW1Y 4JH', country: 'GB' },
  }
  await api.request('PUT', '/cart/delivery', { token, body: { address } })
  const { body: me } = await api.request<{ email: string }>('GET', '/users/me', { token: adminToken })
  return { orderId: order.id, productId, emails: [me.email, '@example.com', address.name, address.line1] }
}

const logsIn = (shop: Shop<TestBroker>): Promise<string> => shop.api.newCustomer()

/** The families of events that this shop has. */
const filled: readonly string[] = ['cart', 'order', 'product', 'stock', 'user']

/** What it is there for: a durable of its own name, from the first event on. No event tells who somebody is. */
async function readsEvents(
  t: Test,
  { connection, mayListen }: Rogue,
  emails: readonly string[],
): Promise<void> {
  const jsm = await jetstreamManager(connection)
  for (const { name, family } of streams) {
    await jsm.consumers.add(name, { durable_name: 'subscriber', ack_policy: AckPolicy.Explicit })
    const messages = await (
      await jetstream(connection).consumers.get(name, 'subscriber')
    ).fetch({ max_messages: 50, expires: 1_000 })
    const told: string[] = []
    for await (const message of messages) {
      told.push(message.string())
      await message.ackAck({ timeout: 2_000 })
    }
    if (filled.includes(family)) t.ok(told.length > 0, `${name} tells something`)
    for (const email of emails) t.notOk(told.join().includes(email), `${name} has no ${email}`)
    t.ok(await mayListen(`${family}.>`), `${family}.> as it is published`)
  }
}

async function publishesNothing(t: Test, rogue: Rogue, orderId: string): Promise<void> {
  const forged = { 'ce-id': newId(), 'ce-type': 'tillstream.order.canceled.v1' }
  t.notOk(await rogue.mayPublish('order.canceled', JSON.stringify({ order: { id: orderId } }), forged))
  for (const subject of [
    'order.created',
    'stock.released',
    'product.updated',
    'user.created',
    'producer.wake',
    '_INBOX_gateway.x',
  ])
    t.notOk(await rogue.mayPublish(subject), subject)
}

async function asksNobody(t: Test, { ask }: Rogue, { productId }: World): Promise<void> {
  const price = { id: productId, priceMinor: '1' }
  t.match(await ask('svc.inventory.updateProduct', price, system), /Permissions Violation/)
  for (const subject of allQuestions())
    t.match(await ask(subject, {}, system), /Permissions Violation/, subject)
}

const allQuestions = (): readonly string[] =>
  services.flatMap(({ name, contract }) => [
    ...Object.keys(contract?.method ?? {}).map((method) => `svc.${name}.${method}`),
    `svc.${name}.react`,
    `svc.${name}.checkReadiness`,
  ])

/** What the service has no right to ask by its definition. */
function foreignQuestions(service: string): readonly string[] {
  const may = brokerUsers(services).find(({ name }) => name === service)?.may?.publish ?? []
  return allQuestions().filter((subject) => !may.includes(subject))
}

/** Neither passwords on their way to the user service nor anybody's answers, and no way to answer in another's place. */
async function hearsNobody(t: Test, { mayListen }: Rogue, user: string): Promise<void> {
  const others = services.filter(({ name }) => name !== user)
  const subjects = [
    '>',
    'svc.>',
    '*.>',
    '_INBOX.>',
    '$JS.API.>',
    '$JS.ACK.>',
    ...others.flatMap(({ name }) => [
      `svc.${name}.>`,
      `svc.${name}.logIn`,
      `_INBOX_${name}.>`,
      `_INBOX_${name}.*`,
    ]),
  ]
  for (const subject of subjects) t.notOk(await mayListen(subject), `${user} listens to ${subject}`)
}

async function changesNoStream(t: Test, { ask }: Rogue): Promise<void> {
  for (const { name } of streams)
    for (const call of ['DELETE', 'UPDATE', 'PURGE', 'CREATE', 'MSG.DELETE', 'SNAPSHOT', 'LEADER.STEPDOWN'])
      t.match(
        await ask(`$JS.API.STREAM.${call}.${name}`, { name }),
        /Permissions Violation/,
        `${call} ${name}`,
      )
}

/** Who pulls from the durable of the settlement, alters it or acknowledges for it takes the orders' events away. */
async function touchesNoForeignDurable(t: Test, { ask, mayPublish }: Rogue, durable: string): Promise<void> {
  const config = { durable_name: durable, name: durable, ack_policy: 'explicit', max_ack_pending: 1 }
  for (const subject of [
    `$JS.API.CONSUMER.MSG.NEXT.ORDERS.${durable}`,
    `$JS.API.CONSUMER.DELETE.ORDERS.${durable}`,
    `$JS.API.CONSUMER.INFO.ORDERS.${durable}`,
    `$JS.API.CONSUMER.CREATE.ORDERS.${durable}`,
    `$JS.API.CONSUMER.CREATE.ORDERS.${durable}.order.created`,
    `$JS.API.CONSUMER.DURABLE.CREATE.ORDERS.${durable}`,
    '$JS.API.CONSUMER.CREATE.ORDERS',
  ])
    t.match(await ask(subject, { stream_name: 'ORDERS', config }), /Permissions Violation/, subject)
  // Another durable in the body than in the subject is refused by the broker itself.
  const answer = await ask('$JS.API.CONSUMER.DURABLE.CREATE.ORDERS.subscriber', {
    stream_name: 'ORDERS',
    config,
  })
  t.match(answer, /"error"/)
  t.notOk(await mayPublish(`$JS.ACK.ORDERS.${durable}.1.1.1.1.0`, '+ACK'))
}

/** A consumer that pushes to a subject publishes there without its maker's rights: no stream and no API takes it. */
async function deliversNothingElsewhere(t: Test, { ask }: Rogue): Promise<void> {
  for (const subject of ['order.canceled', 'product.updated', '$JS.API.STREAM.DELETE.USERS']) {
    await ask('$JS.API.CONSUMER.DELETE.ORDERS.subscriber', {})
    const config = {
      durable_name: 'subscriber',
      name: 'subscriber',
      deliver_subject: subject,
      ack_policy: 'none',
      headers_only: true,
    }
    await ask('$JS.API.CONSUMER.CREATE.ORDERS.subscriber', { stream_name: 'ORDERS', config })
    await ask('$JS.API.INFO', {})
  }
  t.match(
    await ask('$JS.API.STREAM.INFO.USERS', {}),
    /"type":"io.nats.jetstream.api.v1.stream_info_response"/,
  )
}

async function managerOf(t: Test, shop: Shop<TestBroker>, user: string): Promise<JetStreamManager> {
  const connection = await connect(natsOptions(shop.nats.urlOf(user)))
  t.teardown(() => connection.close())
  return jetstreamManager(connection, { checkAPI: false })
}

async function lastSeqs(t: Test, shop: Shop<TestBroker>): Promise<readonly number[]> {
  const jsm = await managerOf(t, shop, 'producer')
  return Promise.all(streams.map(async ({ name }) => (await jsm.streams.info(name)).state.last_seq))
}

async function settlingDurable(t: Test, shop: Shop<TestBroker>): Promise<string> {
  const jsm = await managerOf(t, shop, 'consumer')
  return eventually('the durable is there', async () => {
    const found = await jsm.consumers.list('ORDERS').next()
    return found.map(({ name }) => name).find((name) => name.startsWith('settle-created'))
  })
}
