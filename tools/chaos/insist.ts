import { setTimeout as sleep } from 'node:timers/promises'
import type { History, Operation } from './history.ts'
import type { Random } from '../shared/random.ts'
import { toldOf, type Reply } from './shop-http.ts'

/** Repeats a request until it gets an answer. Resolves with undefined when the client has given up. */
export type Insist = (
  key: string,
  operation: Operation,
  send: () => Promise<Reply>,
) => Promise<Reply | undefined>

export type Patience = { isOver: boolean }

/**
 * The share of clients that give up without an answer, so that the verdict has to find out what became of some
 * operations.
 */
const shareOfImpatient = 0.05
const firstPauseMs = 100
const longestPauseMs = 1_000

/** Makes the function by which clients send requests and record them in the history. */
export function insister(
  { history, random }: { readonly history: History; readonly random: Random },
  patience: Readonly<Patience>,
) {
  const counts: Record<string, number> = {}

  const insist: Insist = async (key, operation, send) => {
    const isImpatient = random.next() < shareOfImpatient
    for (let attempt = 1; ; attempt++) {
      history.write({ t: 'asked', key, attempt, at: Date.now(), operation })
      const reply = await send()
      const { status, code } = reply
      const told = { t: 'told', key, attempt, at: Date.now(), status, code } as const
      history.write({ ...told, ...toldOf(operation, reply) })
      const name = `${operation.name} ${status === 0 ? code : status}`
      counts[name] = (counts[name] ?? 0) + 1
      if (isAnswer(reply)) return reply
      if (patience.isOver || (isImpatient && code !== 'ECONNREFUSED')) return undefined
      await sleep(Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs) * (0.5 + random.next()))
    }
  }
  return { insist, counts }
}

/** 503, 429, 500 and silence do not count as answers. */
const isAnswer = ({ status }: Reply): boolean => status !== 0 && status !== 429 && status < 500
