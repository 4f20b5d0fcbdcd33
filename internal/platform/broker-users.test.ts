import t from 'tap'
import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { OrderCreatedSchema } from '../gen/order/v1/events_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { services } from '../services.ts'
import { brokerUsers, brokerUsersConf, subscriber, type BrokerRights } from './broker-users.ts'
import { reaction } from './reaction.ts'
import { defineService, type Service } from './service-definition.ts'
import { streams } from './streams.ts'

const wishlist = defineService({
  name: 'wishlist',
  about: 'What customers wish for.',
  schema: 'wishlists',
  contract: UserService,
  needs: { inventory: { contract: InventoryService, methods: ['getProduct'] } },
  settings: {},
  aggregates: [],
  reactions: [reaction('note-orders', OrderCreatedSchema)],
  open: () => Promise.reject(new Error('it is never opened')),
})

const rightsOf = (name: string, list: readonly Service[] = services): BrokerRights => {
  const may = brokerUsers(list).find((user) => user.name === name)?.may
  if (!may) throw new Error(`${name} is no user`)
  return may
}

t.test('a new service has the rights that follow from its definition, and no others', async (t) => {
  t.same(rightsOf('wishlist', [...services, wishlist]), {
    publish: ['svc.inventory.getProduct', 'svc.wishlist.checkReadiness', 'producer.wake'],
    subscribe: ['_INBOX_wishlist.>', 'svc.wishlist.>'],
    answers: true,
  })
})

t.test('with a new service the others get what they need of it', async (t) => {
  const all = [...services, wishlist]
  const gained = (name: string) =>
    rightsOf(name, all).publish.filter((each) => !rightsOf(name).publish.includes(each))
  t.same(gained('gateway'), ['svc.wishlist.checkReadiness', 'svc.wishlist.readGauges'])
  t.same(gained('consumer'), ['svc.wishlist.react', 'svc.wishlist.sweep'])
  for (const name of ['user', 'inventory', 'order', 'producer']) t.same(gained(name), [], name)
})

t.test('only the producer may publish every event, and make and delete streams', async (t) => {
  for (const { name } of services) {
    const { publish } = rightsOf(name)
    const isProducer = name === 'producer'
    for (const { name: stream, family } of streams) {
      t.equal(publish.includes(`${family}.>`), isProducer, `${name} ${family}`)
      t.equal(publish.includes(`$JS.API.STREAM.CREATE.${stream}`), isProducer, `${name} ${stream}`)
      t.equal(publish.includes(`$JS.API.STREAM.DELETE.${stream}`), isProducer, `${name} ${stream}`)
    }
    t.notOk(publish.includes('>') || publish.some((subject) => /^(\$JS\.API|svc)\.>/.test(subject)), name)
  }
})

t.test('stock is reserved and released by the order service only', async (t) => {
  const able = services.filter(({ name }) => rightsOf(name).publish.includes('svc.inventory.reserveStock'))
  t.same(
    able.map(({ name }) => name),
    ['order'],
  )
})

t.test('nobody listens to the answers or the questions of others', async (t) => {
  for (const { name, broker } of services) {
    const foreign = rightsOf(name).subscribe.filter(
      (subject) => !subject.startsWith(`_INBOX_${name}.`) && !subject.startsWith(`svc.${name}.`),
    )
    const heard = [...(broker?.hears ?? []), ...(broker?.speaks ?? [])]
    t.same(foreign, broker?.relays ? ['producer.wake'] : heard, name)
  }
})

t.test(
  'a user without any right to publish is denied it, because an empty list would allow everything',
  (t) => {
    const may = { publish: [], subscribe: ['_INBOX_x.>'], answers: false }
    const conf = brokerUsersConf([{ name: 'x', about: 'Reads.', may }], () => '"secret"')
    t.match(conf, 'publish: { deny: ">" }')
    t.notMatch(conf, 'allow_responses')
    t.end()
  },
)

t.test('each subscriber has durables of its own name', (t) => {
  const [one, other] = [subscriber('erp'), subscriber('warehouse')].map(({ may }) => may?.publish ?? [])
  t.same(
    one?.filter((subject) => other?.includes(subject)).filter((subject) => /CONSUMER|ACK/.test(subject)),
    [],
  )
  t.end()
})
