import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import t, { type Test } from 'tap'
import { Refusal } from '../platform/refusal.ts'
import { account, fakeServices, session } from './testing/fake-services.ts'
import { testGateway } from './testing/test-gateway.ts'

const passwordOfOwner = 'correct horse'

/** A gateway that listens, whose user service takes as long as hashing does. */
async function listening(t: Test, trustProxy: readonly string[]) {
  const logIn = async ({ password }: { readonly password?: string }) => {
    await sleep(30)
    if (password === passwordOfOwner) return { user: account, session }
    throw new Refusal('unauthenticated', 'auth.bad-credentials', 'wrong')
  }
  const { app } = await testGateway(t, { ...fakeServices({ users: { logIn } }), trustProxy })
  return app.listen({ host: '127.0.0.1', port: 0 })
}

type From = { readonly localAddress?: string; readonly forwarded?: string }

function caller(t: Test, url: string, { localAddress, forwarded }: From) {
  const dispatcher = new Agent({
    connections: 100,
    ...(localAddress === undefined ? {} : { localAddress }),
  })
  t.teardown(() => dispatcher.destroy())
  return async (email: string, password: string): Promise<number> => {
    const { statusCode, body } = await request(`${url}/users/login`, {
      ...{ dispatcher, method: 'POST', body: JSON.stringify({ email, password }) },
      headers: {
        'content-type': 'application/json',
        ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
      },
    })
    await body.dump()
    return statusCode
  }
}

for (const [what, trustProxy, attacker, owner] of [
  ['as a connection has it', [], { localAddress: '127.0.0.2' }, { localAddress: '127.0.0.3' }],
  ['behind a proxy', ['loopback'], { forwarded: '192.0.2.1' }, { forwarded: '192.0.2.2:99' }],
] as const)
  t.test(`80 wrong logins at once of one address leave places for another, ${what}`, async (t) => {
    const url = await listening(t, trustProxy)
    const attack = caller(t, url, attacker)
    const logIn = caller(t, url, owner)
    let isOver = false
    const attackers = Array.from({ length: 80 }, async (_, n) => {
      for (let tries = 0; !isOver; tries++) await attack(`victim-${n}-${tries}@example.com`, 'guess')
    })
    await sleep(300)
    const statuses: number[] = []
    for (let count = 0; count < 20; count++) statuses.push(await logIn('ada@example.com', passwordOfOwner))
    isOver = true
    await Promise.allSettled(attackers)
    t.same(
      statuses.filter((status) => status !== 200),
      [],
    )
  })
