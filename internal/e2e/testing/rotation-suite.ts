import type { Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Api } from './api.ts'
import { newPerson, refresh, statusWith, type Pair } from './sessions-suite.ts'

export type Gateways = readonly [Api, ...Api[]]
export type Secrets = { readonly JWT_SECRET: string; readonly JWT_SECRET_PREVIOUS: string }

/** What the operator does next. It resolves with the gateways of then. */
export type Step = { readonly name: string; readonly take: () => Promise<Gateways> }

export const newSecret = 'the next secret that only this test knows'

/** The key by which a token was signed. */
const keyOf = ({ accessToken }: Pair): unknown =>
  (JSON.parse(Buffer.from(accessToken.split('.')[0]!, 'base64url').toString()) as { kid?: unknown }).kid

/** A gateway that has just started asks the user service first. */
const settledStatus = (api: Api, pair: Pair): Promise<number> =>
  eventually('it is known', async () => {
    const status = await statusWith(api, pair)
    return status !== 503 && status
  })

/** Logs people in before and after each step. After it all of them are still logged in, at every gateway. */
export function rotationSuite(
  t: Test,
  first: Gateways,
  { steps, forget }: { readonly steps: readonly Step[]; readonly forget: Step },
): void {
  const everybody: { pair: Pair }[] = []
  let gateways = first
  let unused: Pair | undefined

  async function come(): Promise<void> {
    for (const api of gateways) everybody.push({ pair: (await (await newPerson(api)).logIn()).body })
  }

  async function stay(t: Test): Promise<void> {
    for (const one of everybody) {
      for (const api of gateways) t.equal(await settledStatus(api, one.pair), 200, 'the token is still good')
    }
  }

  t.test('a new secret logs nobody out, at whichever gateway and whenever they refresh', async (t) => {
    await come()
    unused = (await (await newPerson(first[0])).logIn()).body
    const old = keyOf(unused)
    for (const { name, take } of steps) {
      gateways = await take()
      t.comment(name)
      await stay(t)
      await come()
      await stay(t)
    }
    for (const api of gateways) t.equal(await settledStatus(api, unused), 200)
    const last = everybody.map(({ pair }) => keyOf(pair))
    t.ok(old)
    t.not(last.at(-1), old, 'the new secret has another name')
    for (const one of everybody) {
      for (const api of gateways) {
        const { status, body } = await refresh(api, one.pair)
        t.equal(status, 200)
        one.pair = body
      }
      t.equal(keyOf(one.pair), last.at(-1), 'and signs from then on')
    }
    await stay(t)
  })

  t.test('when the old secret is forgotten, what only it has signed is refused', async (t) => {
    gateways = await forget.take()
    t.comment(forget.name)
    await stay(t)
    for (const api of gateways) {
      t.equal(await settledStatus(api, unused!), 401)
      t.match(await refresh(api, unused!), { status: 401, body: { code: 'auth.refresh-token-invalid' } })
    }
  })
}
