import t from 'tap'
import { newOrderId, trace } from '../testing/fixtures.ts'
import { parseMoney } from './parse-money.ts'

const good = { orderId: newOrderId(), gateVersion: 4, capturedMinor: '648' }
const delivered = (data: Readonly<Record<string, unknown>>) => ({ type: 'unread', data, trace })

t.test(
  'an event of the payments names an order and how far its money is, and says nothing else',
  async (t) => {
    t.strictSame(parseMoney(delivered(good)), { orderId: good.orderId, gateVersion: 4, trace })
  },
)

for (const [data, code] of [
  [{ orderId: 'x' }, 'message.invalid-order-id'],
  [{ gateVersion: 0 }, 'message.invalid-money'],
  [{ gateVersion: '4' }, 'message.invalid-money'],
  [{ gateVersion: 2 ** 31 }, 'message.invalid-money'],
] as const)
  t.test(`${JSON.stringify(data)} is refused as ${code}`, async (t) => {
    t.throws(() => parseMoney(delivered({ ...good, ...data })), { kind: 'invalid', code })
  })
