import t from 'tap'
import { openLocalIssuer } from '../local/local-issuer.ts'
import { freePort } from '../local/system.ts'
import { createLog } from '../platform/log.ts'
import { createScope } from '../platform/run.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { startTcpProxy } from '../platform/testing/tcp-proxy.ts'
import { identitySuite } from './testing/identity-suite.ts'
import { mailedLinksSuite } from './testing/mailed-links-suite.ts'
import { newPerson, refusedAfter, sessionsSuite, statusWith } from './testing/sessions-suite.ts'
import { openSecondGateway } from './testing/second-gateway.ts'
import { openManyProcesses } from './testing/shop.ts'

// Sessions with two gateways, and one of them cut off.

const scope = createScope(createLog('test', 'silent'), () => undefined)
t.teardown(() => scope.close())
const client = { id: 'shop', secret: 'a secret', callbackPath: '/auth/oidc/local/callback' }
const { url: issuer } = await openLocalIssuer(scope, { port: await freePort(), client })
const shop = await openManyProcesses(t, {
  BCRYPT_COST: '10', // as it is by default: what a password costs is compared below
  ...{ OIDC_LOCAL_ISSUER: issuer, OIDC_LOCAL_CLIENT_ID: client.id, OIDC_LOCAL_CLIENT_SECRET: client.secret },
})
const ownWay = new URL(shop.nats.urlOf('gateway'))
const proxy = await startTcpProxy(Number(ownWay.port))
t.teardown(proxy.close)
ownWay.port = String(proxy.port)
const second = await openSecondGateway(t, shop, ownWay.href)
const [here, there] = [shop.api, second.api]

sessionsSuite(t, [here, there], shop.adminToken)
mailedLinksSuite(t, [here, there], shop)
identitySuite(t, there, second.url)

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

t.test('a gateway that was cut off learns what has ended meanwhile before it believes anybody', async (t) => {
  const person = await newPerson(here)
  const [{ body: ended }, { body: stays }] = [await person.logIn(), await person.logIn(there)]
  t.equal(await statusWith(there, ended), 200)
  proxy.setMode({ kind: 'black-hole' })
  proxy.halfOpen()
  try {
    await eventually('it believes nobody', async () => (await statusWith(there, stays)) === 503)
    t.equal((await here.request('POST', '/auth/logout', { token: ended.accessToken })).status, 204)
    t.equal(await statusWith(here, stays), 200, 'the other one goes on')
    t.equal(await statusWith(there, ended), 503)
  } finally {
    proxy.endHalfOpen()
    proxy.setMode({ kind: 'clear' })
  }
  const statuses = new Set<number>()
  await eventually('it is back', async () => {
    statuses.add(await statusWith(there, ended))
    return (await statusWith(there, stays)) === 200
  })
  t.equal(await statusWith(there, ended), 401)
  t.notOk(statuses.has(200), 'it has never believed what had ended')
})

/** The time of each request in turn, so that what else the machine does is the same for both. */
async function timesOf(requests: readonly (() => Promise<unknown>)[], samples: number) {
  const times = requests.map((): number[] => [])
  for (let sample = 0; sample < samples; sample++)
    for (const [index, request] of requests.entries()) {
      const since = performance.now()
      await request()
      times[index]?.push(performance.now() - since)
    }
  return times.map((each) => each.sort((a, b) => a - b)[Math.floor(samples / 2)] ?? NaN)
}

t.test('a wrong password takes as long as a login that nobody has, over 200 samples of each', async (t) => {
  const people = await Promise.all(Array.from({ length: 25 }, () => newPerson(here)))
  let [known, unknown] = [0, 0]
  const wrong = (email: string) =>
    here.request('POST', '/users/login', { body: { email, password: 'a-wrong-password' } })
  const [of, ofNobody] = await timesOf(
    [
      () => wrong(people[known++ % people.length]!.email),
      () => wrong(`nobody${unknown++ % people.length}@example.com`),
    ],
    200,
  )
  t.comment(`${of} ms for an account, ${ofNobody} ms for none`)
  t.ok(Math.abs(of! / ofNobody! - 1) < 0.25, `${of} ms and ${ofNobody} ms`)
})
