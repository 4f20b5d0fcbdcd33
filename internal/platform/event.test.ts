import t from 'tap'
import { file_order_v1_events, OrderCreatedSchema } from '../gen/order/v1/events_pb.ts'
import { OrderSchema } from '../gen/order/v1/order_pb.ts'
import { UserCreatedSchema } from '../gen/user/v1/events_pb.ts'
import { eventType, eventTypesOf } from './event.ts'

t.test('an event says in its contract where it is published and what it is', async (t) => {
  t.strictSame(eventType(OrderCreatedSchema), {
    message: OrderCreatedSchema,
    subject: 'order.created',
    type: 'tillstream.order.created.v1',
    earlierTypes: [],
  })
  t.match(eventType(UserCreatedSchema), {
    type: 'tillstream.user.created.v2',
    earlierTypes: ['tillstream.user.created.v1'],
  })
  t.throws(() => eventType(OrderSchema), { message: 'order.v1.Order is not an event: it has no subject' })
})

t.test('every message of a file of events is one', async (t) => {
  const subjects = eventTypesOf(file_order_v1_events).map(({ subject }) => subject)
  t.ok(subjects.includes('order.canceled'))
  t.equal(new Set(subjects).size, file_order_v1_events.messages.length)
})
