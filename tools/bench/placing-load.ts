import { hearDecisions, type Decisions } from './decisions.ts'
import { openHttp, type Http } from '../shared/lean-http.ts'
import { closedLoop, forSeconds, type Load } from './load.ts'
import type { Outcomes } from './outcomes.ts'

type Placing = {
  readonly url: string
  readonly natsUrl: string
  readonly users: number
  readonly tokens: readonly string[]
  /** If it is set, so many customers buy once each, instead of as many as fit into the time. */
  readonly customers: number | undefined
}

export type Buying = {
  /** The events that decide an order. */
  readonly subjects: readonly string[]
  readonly shopOf: (
    http: Http,
    decisions: Decisions,
  ) => Pick<Outcomes, 'reset' | 'done' | 'errors' | 'measured'> & {
    readonly buy: (token: string) => Promise<void>
  }
}

/** Each user buys again and again. What is decided counts as settled. */
export async function placingLoad(work: Placing, { subjects, shopOf }: Buying): Promise<Load> {
  const { url, natsUrl, users, tokens, customers } = work
  const http = openHttp(url, users)
  const decisions = await hearDecisions(natsUrl, subjects)
  const shop = shopOf(http, decisions)
  let [startedAt, seconds, begun] = [0, 0, 0]
  return {
    async run(wanted) {
      startedAt = performance.now()
      const inTime = forSeconds(wanted)
      await closedLoop(users, customers === undefined ? inTime : () => begun < customers, async (user) => {
        const customer = customers === undefined ? user : begun
        begun++
        await shop.buy(tokens[customer % tokens.length] ?? '')
      })
      seconds = (performance.now() - startedAt) / 1_000
    },
    async drain() {
      await decisions.allDecided()
    },
    reset() {
      shop.reset()
      decisions.reset()
      begun = 0
    },
    measured() {
      const measured = shop.measured(startedAt)
      const done = shop.done()
      return { seconds, done, latency: measured.accept, errors: shop.errors(), orders: measured }
    },
    progress: () => ({ done: shop.done(), settled: decisions.settled() }),
    async close() {
      await http.close()
      await decisions.close()
    },
  }
}
