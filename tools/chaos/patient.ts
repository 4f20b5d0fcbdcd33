import { setTimeout as sleep } from 'node:timers/promises'
import type { Patience } from './insist.ts'
import type { Reply, ShopHttp } from './shop-http.ts'

type Request = Parameters<ShopHttp['send']>[0]

const [firstPauseMs, longestPauseMs] = [200, 2_000]

/**
 * Requests of which the shop promises nothing, such as those that fill a cart: they are not part of the history. Each is
 * repeated until it is answered. Resolves with undefined when the client has given up.
 */
export const patientClient =
  ({ http, patience }: { readonly http: ShopHttp; readonly patience: Readonly<Patience> }) =>
  async (request: Request): Promise<Reply | undefined> => {
    for (let pauseMs = firstPauseMs; !patience.isOver; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const reply = await http.send(request)
      if (reply.status !== 0 && reply.status !== 429 && reply.status < 500) return reply
      await sleep(pauseMs)
    }
    return undefined
  }

export type Ask = ReturnType<typeof patientClient>

export const isDone = (reply: Reply | undefined): reply is Reply =>
  reply !== undefined && reply.status >= 200 && reply.status < 300
