import { once } from 'node:events'
import { createServer } from 'node:net'
import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { freePort } from '../local/system.ts'
import { grpcSuite } from './testing/grpc-suite.ts'
import { openOneProcess } from './testing/shop.ts'

const taken = createServer()
// Another test may have it already; then it is taken as well.
taken.on('error', () => {})
taken.listen(50_051, '127.0.0.1')
t.teardown(() => taken.close())
const shop = await openOneProcess(t)
const { grpc = {} } = (await readStackFile(shop.env.DATA_DIR ?? '')) ?? {}

t.test(
  'npm start names where it answers gRPC, and takes a free port for a usual one that is taken',
  async (t) => {
    t.same(Object.keys(grpc).sort(), ['inventory', 'order', 'producer', 'search', 'user'])
    const shown = shop.processes.get('stack')?.[0]?.output() ?? ''
    for (const [service, address] of Object.entries(grpc)) {
      t.match(address, /^127\.0\.0\.1:\d+$/)
      t.match(shown, `${service} ${address}`)
    }
    t.not(grpc.inventory, '127.0.0.1:50051')
  },
)

grpcSuite(t, shop, grpc)

t.test('a port that was asked for and is taken stops the start by its name', async (t) => {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const stopped = await openOneProcess(t, { ORDER_GRPC_ADDR: `127.0.0.1:${port}` }).then(
    () => 'it has started',
    (err: unknown) => String(err),
  )
  t.match(stopped, `port ${port} of 127.0.0.1 is taken; set ORDER_GRPC_ADDR to a free one`)
})
