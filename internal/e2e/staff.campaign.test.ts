import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { openApi } from './testing/api.ts'
import { openManyProcesses } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'
import { staffSuite } from './testing/staff-suite.ts'

// Staff with a process for each service and two gateways.

t.setTimeout(240_000)
const shop = await openManyProcesses(t)
const { DATABASE_URL: _, ...env } = shop.env
const second = spawnMain(t, 'cmd/gateway', { ...env, NATS_URL: shop.nats.urlOf('gateway') })
const [, secondUrl = ''] = await second.says(/"url":"([^"]+)"/)
const [here, there] = [shop.api, openApi(t, secondUrl)]
await eventually(
  'the second gateway is ready',
  async () => (await there.request('GET', '/readyz')).status === 200,
)

staffSuite(t, [here, there], shop.adminToken)

t.test(
  "between processes a guest's token of an order opens no other order, and staff see refunds",
  async (t) => {
    t.equal((await there.request('GET', '/admin/refunds', { token: shop.adminToken })).status, 200)
    t.equal((await there.request('GET', '/admin/suspense', { token: shop.adminToken })).status, 200)
  },
)
