import type { Unknown } from '../../internal/payment/application/provider.ts'
import { arriveAt, latencyOf, type Process } from './process.ts'
import type { World } from './world.ts'

/** The payments wait so long for an answer. */
const timeoutMs = 2_000
/** A call without an answer is carried out within this time, if at all. */
const carriedOutWithinMs = 60_000
/** Nobody calls so late after the call was planned: the stalls of the plans are shorter. */
export const callEndsAfterMs = carriedOutWithinMs + 45_000

/** The calls of the provider's API, and what goes wrong with them. */
export function newCalls(world: World) {
  const random = world.random('provider')
  /** Failures that the provider repeats under their key. */
  const storedFailures = new Set<string>()
  const until = { away: 0, failing: 0, hanging: 0 }
  let unanswered = 0
  const isNow = (kind: keyof typeof until): boolean => until[kind] > world.time.now()

  /** `answer` tells the caller, `unknown` that nobody knows what became of it. */
  type Callee<Result> = {
    readonly answer: (result: Result) => void
    readonly unknown: (thisCall: Unknown['thisCall'], afterMs?: number) => void
  }

  function arrive<Result>(
    key: string,
    work: () => Promise<Result>,
    { answer, unknown }: Callee<Result>,
  ): void {
    if (isNow('away')) {
      unknown('did-nothing')
      return
    }
    if (isNow('hanging') && random.chance(0.75)) {
      unknown('may-have-done', timeoutMs)
      if (random.chance(0.5)) carryOutLater(key, work)
      return
    }
    const isFailing = isNow('failing') && random.chance(0.6)
    const doesNothing = isFailing && random.chance(0.5)
    if (doesNothing && key !== '' && random.chance(0.5)) storedFailures.add(key)
    if (doesNothing || storedFailures.has(key)) unknown('may-have-done')
    else void work().then((result) => (isFailing ? unknown('may-have-done') : answer(result)))
  }

  /** Nobody is told of it. */
  function carryOutLater(key: string, work: () => Promise<unknown>): void {
    unanswered++
    world.time.after(random.integer(0, carriedOutWithinMs), () => {
      unanswered--
      if (!storedFailures.has(key)) void work()
    })
  }

  return {
    /** `key` is empty for a call that changes nothing. */
    ask: <Result>(process: Process, key: string, work: () => Promise<Result>): Promise<Result | Unknown> =>
      new Promise((resolve) => {
        if (!process.alive) return
        const answer = (result: Result | Unknown, ms = latencyOf(world, process, 'provider')): void => {
          arriveAt(world, process, ms, () => resolve(result))
        }
        const unknown = (thisCall: Unknown['thisCall'], ms?: number): void => {
          world.count('call without an answer')
          answer({ kind: 'unknown', reason: 'no answer', thisCall }, ms)
        }
        world.time.after(latencyOf(world, process, 'provider'), () => arrive(key, work, { answer, unknown }))
      }),
    /** From now on, for so long. */
    goWrong: (how: keyof typeof until, ms: number): void => {
      until[how] = world.time.now() + ms
    },
    heal: (): void => void Object.assign(until, { away: 0, failing: 0, hanging: 0 }),
    underWay: () => unanswered,
  }
}
