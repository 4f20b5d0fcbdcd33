import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { openApi } from './testing/api.ts'
import { mailedLinksSuite } from './testing/mailed-links-suite.ts'
import { newPerson, refusedAfter, sessionsSuite, statusWith } from './testing/sessions-suite.ts'
import { openManyProcesses } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

// Sessions with two gateways, and one of them cut off.

t.setTimeout(180_000)
const shop = await openManyProcesses(t)
const { DATABASE_URL: _, ...env } = shop.env
const second = spawnMain(t, 'cmd/gateway', { ...env, NATS_URL: shop.nats.urlOf('gateway') })
const [, secondUrl = ''] = await second.says(/"url":"([^"]+)"/)
const [here, there] = [shop.api, openApi(t, secondUrl)]
await eventually(
  'the second gateway is ready',
  async () => (await there.request('GET', '/readyz')).status === 200,
)

sessionsSuite(t, [here, there], shop.adminToken)
mailedLinksSuite(t, [here, there], shop)

t.test(
  'gateways that are cut off believe no session, and know all within a second when they are back',
  async (t) => {
    const person = await newPerson(here)
    const [{ body: ended }, { body: stays }] = [await person.logIn(), await person.logIn(there)]
    t.equal(await statusWith(there, ended), 200)
    const pid = shop.nats.pid() ?? 0
    process.kill(pid, 'SIGSTOP')
    try {
      await eventually('it believes nobody', async () => (await statusWith(there, stays)) === 503)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await eventually('it is back', async () => (await statusWith(there, stays)) === 200)
    t.equal((await here.request('POST', '/auth/logout', { token: ended.accessToken })).status, 204)
    t.ok((await refusedAfter([here, there], ended)) < 1_000)
  },
)
