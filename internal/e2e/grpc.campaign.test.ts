import t from 'tap'
import { grpcSuite, type Edges } from './testing/grpc-suite.ts'
import { openManyProcesses } from './testing/shop.ts'

const shop = await openManyProcesses(t)
const edges = await Promise.all(
  (['inventory', 'search', 'order', 'user', 'producer'] as const).map(async (name) => {
    const [process] = shop.processes.get(name) ?? []
    const [, address] = (await process?.says(/"address":"([^"]+)"[^\n]*"msg":"gRPC listening"/, 1_000)) ?? []
    return [name, address] as const
  }),
)
grpcSuite(t, shop, Object.fromEntries(edges) as Edges)

t.test('what is left behind holds all invariants', async () => {
  await shop.auditIsClean()
})

t.test('SIGTERM ends them cleanly', async (t) => {
  for (const name of ['inventory', 'search', 'order', 'user', 'producer'])
    for (const process of shop.processes.get(name) ?? []) {
      process.signal('SIGTERM')
      t.equal(await process.ended, 0, name)
    }
})
