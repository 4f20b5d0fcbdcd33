import t from 'tap'
import { later, now, webhookDelivery } from '../testing/fixtures.ts'
import { conclude, givenUpAfterMs } from './webhook-delivery.ts'

const failed = { kind: 'failed', failure: 'http-500' } as const

t.test('what is taken is delivered', (t) => {
  const { state, pauses } = conclude(webhookDelivery({ failure: 'http-500' }), { kind: 'taken' }, now)
  t.match(state, { status: 'delivered', failure: '', attempts: 1 })
  t.equal(pauses, undefined)
  t.end()
})

t.test('it is tried again after 1 s, 5 s, 30 s, 2 min, 10 min, 1 h, and then every 6 h', (t) => {
  let delivery = webhookDelivery()
  const delays: number[] = []
  for (let attempt = 0; attempt < 9; attempt++) {
    delivery = conclude(delivery, failed, now).state
    delays.push((delivery.nextAt.getTime() - now.getTime()) / 1_000)
  }
  t.same(delays, [1, 5, 30, 120, 600, 3_600, 21_600, 21_600, 21_600])
  t.match(delivery, { status: 'queued', failure: 'http-500', failingSince: now })
  t.end()
})

t.test('after three days of failing its endpoint is paused, and it waits', (t) => {
  const failing = webhookDelivery({ failingSince: now })
  t.equal(conclude(failing, failed, later(givenUpAfterMs - 1)).pauses, undefined)
  const { state, pauses } = conclude(failing, failed, later(givenUpAfterMs))
  t.equal(pauses, 'http-500')
  t.equal(state.status, 'queued')
  t.end()
})

t.test('an endpoint that says that it is gone is paused at once', (t) => {
  const { state, pauses } = conclude(webhookDelivery(), { kind: 'gone' }, now)
  t.equal(pauses, 'http-410')
  t.equal(state.status, 'queued')
  t.end()
})
