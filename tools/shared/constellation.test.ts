import t from 'tap'
import { streams } from '../../internal/platform/streams.ts'
import { services } from '../../internal/services.ts'
import { manyProcesses, oneProcess, settingsToBreak, sparesOf, twoOfTheBusy } from './constellation.ts'
import { violationsOf } from './audit.ts'

const counts = (constellation: typeof oneProcess) =>
  Object.fromEntries(constellation.map(({ program, replicas }) => [program, replicas]))

t.test('every service has a process', async (t) => {
  t.strictSame(
    manyProcesses().map(({ program }) => program),
    services.map(({ name }) => name),
  )
  t.match(counts(twoOfTheBusy), { user: 1, inventory: 1, order: 2, producer: 2, consumer: 2, gateway: 1 })
})

t.test('a member is up when it says so', async (t) => {
  const [stack] = oneProcess
  t.equal(stack?.up.exec('\nready http://localhost:8080\n')?.[1], 'http://localhost:8080')
  const [user] = manyProcesses()
  const gateway = manyProcesses().at(-1)
  t.ok(user?.up.test('{"level":"info","msg":"started"}'))
  t.equal(gateway?.up.exec('{"url":"http://127.0.0.1:1","msg":"listening"}')?.[1], 'http://127.0.0.1:1')
})

t.test('whatever can run twice has a spare', async (t) => {
  t.strictSame(Object.keys(counts(sparesOf(oneProcess))), ['stack'])
  t.strictSame(Object.keys(counts(sparesOf(twoOfTheBusy))), ['producer', 'consumer'])
})

t.test('all streams have room on the disk that they share', async (t) => {
  t.ok(streams.length * Number(settingsToBreak(400_000_000).STREAM_MAX_BYTES) <= 0.75 * 400_000_000)
})

t.test('what the audit has found is told in words, and what is well is not', async (t) => {
  const found = violationsOf([
    { name: 'stock-and-ledger', violations: 2, offenders: ['a', 'b'] },
    { name: 'order-histories', violations: 0, offenders: [] },
  ])
  t.strictSame(found, ['stock-and-ledger: 2 violations, such as a; b'])
})
