import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { withClient } from '../shared/database.ts'
import { seedUsers } from '../shared/seed.ts'
import { openShopClient } from '../shared/shop-client.ts'
import { signToken } from '../shared/token.ts'
import { buyOnce } from './buy-once.ts'
import type { Charge } from '../chaos/charges.ts'
import { readEndState } from '../chaos/end-state.ts'
import { openHistory, readHistory } from '../chaos/history.ts'
import { runLoad } from '../chaos/load.ts'
import { seeded } from '../shared/random.ts'
import { comeToRest } from '../chaos/rest.ts'
import { fillShelves, flashUnits } from '../chaos/shelves.ts'
import { openShopHttp } from '../chaos/shop-http.ts'
import { openShoppers } from '../chaos/shoppers.ts'
import { judge, type Verdict } from '../chaos/verdict.ts'
import { waitFor } from '../chaos/wait.ts'
import type { Scope } from '../../internal/platform/run.ts'

export type ShopOptions = {
  readonly url: string
  readonly databaseUrl: string
  readonly jwtSecret: string
  /** Orders per second at the most. */
  readonly rate: number
  readonly dir: string
}

export type Customers = {
  /** Attempts by operation and status. */
  readonly counts: () => Readonly<Record<string, number>>
  /** The tokens of the admin and of one of the customers. */
  readonly tokens: { readonly admin: string; readonly customer: string }
  /** Nobody comes any more; resolves when what has begun is settled, with what has become of all of it. */
  readonly leave: () => Promise<Verdict & { readonly drainMs: number | undefined }>
}

const customers = 20
const lastAnswersMs = 120_000
/** The flash sale comes in the first minute, and so while containers are killed. */
const saleWithinSeconds = 60

export const newSecret = (): string => randomBytes(32).toString('base64url')

/** Customers who order through the published port until they are told to leave. What they are told is written down. */
export async function openCustomers(scope: Scope, options: ShopOptions): Promise<Customers> {
  const { url, databaseUrl, jwtSecret, rate, dir } = options
  const historyFile = path.join(dir, 'history.jsonl')
  const history = openHistory(historyFile)
  const people = await withClient(databaseUrl, (client) => seedUsers(client, customers + 1))
  const [admin, ...others] = people.map((id, index) => ({
    id,
    token: signToken(jwtSecret, id, index === 0 ? 'admin' : 'customer'),
  }))
  if (!admin) throw new Error('users were seeded')
  const http = openShopHttp(url)
  scope.onClose('clients', http.close)
  const shelves = await fillShelves(http, history, admin.token)
  const random = seeded(1)
  const shoppers = openShoppers({
    ...{ http, history, random, customers: others, admin, shelves, till: undefined },
  })
  const end = { isNear: false }
  scope.onClose('load', async () => {
    end.isNear = true
    shoppers.giveUp()
  })
  const load = { shoppers, random, seconds: saleWithinSeconds, rate, flashBuyers: 2 * flashUnits }
  const loading = runLoad(load, () => end.isNear)
  scope.watch('customers', loading)
  return {
    counts: shoppers.counts,
    tokens: { admin: admin.token, customer: others[0]?.token ?? '' },
    async leave() {
      end.isNear = true
      await loading
      const isQuiet = (): boolean => shoppers.underWay() === 0
      await waitFor('every customer has an answer', lastAnswersMs, isQuiet).catch(() => undefined)
      shoppers.giveUp()
      await waitFor('nobody asks again', lastAnswersMs, isQuiet)
      await history.close()
      const drainMs = await comeToRest(databaseUrl)
      const stored = await readEndState(databaseUrl)
      return { ...judge(await readHistory(historyFile), stored, []), drainMs }
    },
  }
}

/** Somebody pays by card at the sandbox's container. Returns what went wrong. */
export async function buyByCard(
  scope: Scope,
  { url, sandboxUrl }: { readonly url: string; readonly sandboxUrl: string },
  tokens: Customers['tokens'],
): Promise<readonly string[]> {
  const { send, close } = openShopClient(url, { connections: 2, answerTimeoutMs: lastAnswersMs })
  scope.onClose('the client who buys by card', close)
  const charges = async (): Promise<readonly Charge[]> => {
    const answer = await fetch(`${sandboxUrl}/control/charges`)
    return ((await answer.json()) as { readonly data: readonly Charge[] }).data // the sandbox documents this shape
  }
  return buyOnce({ send, ...tokens, charges, withinMs: lastAnswersMs })
}
