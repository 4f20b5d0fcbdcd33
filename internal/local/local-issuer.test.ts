import { createServer, type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createLog } from '../platform/log.ts'
import { createScope } from '../platform/run.ts'
import { openLocalIssuer } from './local-issuer.ts'

const client = { id: 'shop', secret: 'secret', callbackPath: '/auth/oidc/local/callback' }

// One for all tests, because a client keeps its connections to a port.
const scope = createScope(createLog('test', 'silent'), () => undefined)
t.teardown(() => scope.close())

async function takenPort(t: Test): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

t.test('a port that was asked for and is taken stops the start', async (t) => {
  const port = await takenPort(t)
  await t.rejects(openLocalIssuer(scope, { port, client }), {
    message: `port ${port} of 127.0.0.1 is taken; set LOCAL_OIDC_PORT to a free one`,
  })
})

t.test('a usual port that is taken is replaced, and each is a provider of its own', async (t) => {
  const [one, other] = [
    await openLocalIssuer(scope, { port: 0, client }),
    await openLocalIssuer(scope, { port: 0, client }),
  ]
  t.not(one.url, other.url)
  for (const { url } of [one, other]) {
    t.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
    const answer = await fetch(`${url}/.well-known/openid-configuration`)
    t.match(await answer.json(), { issuer: url, code_challenge_methods_supported: ['S256'] })
  }
})

t.test('it sends nobody but to the shop on this machine', async (t) => {
  const { url } = await openLocalIssuer(scope, { port: 0, client })
  const statusFor = async (redirect: string): Promise<number> => {
    const asked = new URL(`${url}/auth`)
    asked.search = new URLSearchParams({
      ...{ client_id: client.id, response_type: 'code', scope: 'openid', redirect_uri: redirect, state: 's' },
      ...{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
    }).toString()
    return (await fetch(asked, { redirect: 'manual' })).status
  }
  t.equal(await statusFor('http://localhost:8080/auth/oidc/local/callback'), 303)
  for (const to of [
    'https://evil.example/auth/oidc/local/callback',
    'http://localhost.evil.example/auth/oidc/local/callback',
    'http://localhost:8080/elsewhere',
  ])
    t.equal(await statusFor(to), 400, to)
})
