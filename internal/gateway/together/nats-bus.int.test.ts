import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { createLog } from '../../platform/log.ts'
import { connectNats } from '../../platform/nats.ts'
import { createScope } from '../../platform/run.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { testNats } from '../../platform/testing/nats-server.ts'
import { gatewaySubject } from '../event-subjects.ts'
import { busContract } from '../testing/bus-contract.ts'
import { ratesContract } from '../testing/rates-contract.ts'
import { natsBus } from './nats-bus.ts'
import { togetherBy } from './open-together.ts'

const log = createLog('test', 'silent')
const server = await testNats(t)
const scope = createScope(log, () => undefined)
t.teardown(() => scope.close())
const connected = () => connectNats(scope, log, server.url, 'test')
const [one, other] = [await connected(), await connected()]
const secret = 'a secret'

busContract(t, async () => ({
  ...{ one: natsBus(one, log), other: natsBus(other, log) },
  async sendRaw(topic, text) {
    one.connection.publish(gatewaySubject(topic), text)
    await one.connection.flush()
  },
}))

ratesContract(t, async () => {
  const rates = [one, other].map((nats) => togetherBy(natsBus(nats, log), secret).rates)
  await Promise.all([one.connection.flush(), other.connection.flush()])
  return { one: rates[0]!, other: rates[1]! }
})

t.test(
  'while the server is away each gateway counts alone, and on its return they count together',
  async (t) => {
    const buses = [natsBus(one, log), natsBus(other, log)]
    const [here, there] = buses.map((bus) => togetherBy(bus, secret).rates.windows('away'))
    await server.stop()
    await eventually('they have noticed', async () => !one.isConnected() && !other.isConnected())
    t.match(
      [await here!.begin('k', 1), await here!.begin('k', 1)],
      [{ isAllowed: true }, { isAllowed: false }],
    )
    t.match(await there!.begin('k', 2), { isAllowed: true, remaining: 1 })
    await server.start()
    await eventually('what was counted meanwhile is told', async () => {
      const attempt = await there!.begin('k', 3)
      attempt.forgive()
      return attempt.remaining === 0
    })
  },
)

t.test('what is told while its connection drains, and after, is lost in silence', async (t) => {
  const leaving = await connected()
  const bus = natsBus(leaving, log)
  // Subscriptions make the drain last for more than one round trip.
  bus.hear('counts', () => undefined)
  const drained = leaving.connection.drain()
  let told = 0
  for (; !leaving.connection.isClosed(); told++) {
    bus.tell('counts', 'too late')
    await setImmediate()
  }
  await drained
  bus.tell('counts', 'far too late')
  t.ok(told > 1)
})
