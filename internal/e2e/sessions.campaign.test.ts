import t from 'tap'
import { openLocalIssuer } from '../local/local-issuer.ts'
import { freePort } from '../local/system.ts'
import { createLog } from '../platform/log.ts'
import { createScope } from '../platform/run.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { openApi } from './testing/api.ts'
import { identitySuite } from './testing/identity-suite.ts'
import { mailedLinksSuite } from './testing/mailed-links-suite.ts'
import { newPerson, refusedAfter, sessionsSuite, statusWith } from './testing/sessions-suite.ts'
import { openManyProcesses } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

// Sessions with two gateways, and one of them cut off.

t.setTimeout(180_000)
const scope = createScope(createLog('test', 'silent'), () => undefined)
t.teardown(() => scope.close())
const client = { id: 'shop', secret: 'a secret', callbackPath: '/auth/oidc/local/callback' }
const { url: issuer } = await openLocalIssuer(scope, { port: await freePort(), client })
const shop = await openManyProcesses(t, {
  ...{ OIDC_LOCAL_ISSUER: issuer, OIDC_LOCAL_CLIENT_ID: client.id, OIDC_LOCAL_CLIENT_SECRET: client.secret },
})
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
identitySuite(t, there, secondUrl)

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
