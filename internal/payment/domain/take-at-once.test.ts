import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { answered, authorized, begun, beginning, captured, now, paid, snapshot } from '../testing/fixtures.ts'
import type { Account } from './account.ts'
import { beginPayment } from './begin.ts'
import { closeGate } from './close-gate.ts'
import { changeOf } from './events.ts'
import { takeAtOnce } from './take-at-once.ts'

const take = (account: Account) => takeAtOnce(account, now, newId)
const captures = ({ operations }: Account) =>
  operations.filter(({ kind }) => kind === 'capture').map(({ amountMinor, status }) => [amountMinor, status])
const byShipment = () => answered(begun({ capture: 'shipment' }), authorized())

t.test('what is authorized is captured when goods are about to leave, once', (t) => {
  const account = byShipment()
  t.strictSame(captures(account), [], 'and not before')
  const taken = take(account)
  t.strictSame(captures(taken), [[10_000n, 'waiting']])
  t.equal(take(taken), taken, 'the same again')
  const done = answered(taken, captured())
  t.equal(take(done), done)
  t.strictSame(captures(done), [[10_000n, 'done']])
  t.strictSame(
    changeOf(account, taken, now).events,
    [],
    'it tells of nothing before the provider has answered',
  )
  t.end()
})

t.test('no more is captured than the order needs', (t) => {
  const half = answered(begun({ capture: 'shipment' }), authorized(15_000n))
  t.strictSame(captures(take(half)), [[10_000n, 'waiting']])
  t.end()
})

t.test('money that is authorized after goods have left is captured at once', (t) => {
  const left = take(begun({ capture: 'shipment' }))
  t.strictSame(captures(answered(left, authorized())), [[10_000n, 'waiting']])
  const failed = take(answered(begun({ capture: 'shipment' }), snapshot({ state: 'failed' })))
  const wanted = beginning({ orderId: failed.gate.orderId, capture: 'shipment' })
  const { account } = beginPayment(failed, wanted, now, newId)
  t.strictSame(captures(answered(account, authorized(10_000n, { ref: 'pi_2' }))), [[10_000n, 'waiting']])
  t.end()
})

t.test(
  'an order that has ended has nothing captured, and one whose money is taken at once is as it was',
  (t) => {
    const closing = { reason: 'canceled', refund: 'full', keepMinor: 0n } as const
    const account = byShipment()
    const closed = closeGate(account, { ...closing, orderId: account.gate.orderId }, now, newId).account
    t.equal(take(closed), closed)
    const atOnce = paid()
    t.equal(take(atOnce), atOnce)
    t.end()
  },
)
