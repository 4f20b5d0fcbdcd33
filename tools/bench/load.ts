import { setTimeout as sleep } from 'node:timers/promises'
import { randomOf } from '../shared/random.ts'
import type { Measured } from './work.ts'

/** One kind of work, ready to run. What it measures is since the last `reset`. */
export type Load = {
  readonly run: (seconds: number) => Promise<void>
  /** Resolves when nothing is under way any more. */
  readonly drain: () => Promise<void>
  readonly reset: () => void
  readonly measured: () => Measured
  readonly progress: () => { readonly done: number; readonly settled: number }
  readonly close: () => Promise<void>
}

/** Each user takes step after step while `goesOn`. */
export async function closedLoop(
  users: number,
  goesOn: () => boolean,
  step: (user: number) => Promise<void>,
): Promise<void> {
  const walk = async (user: number): Promise<void> => {
    while (goesOn()) await step(user)
  }
  await Promise.all(Array.from({ length: users }, (_, user) => walk(user)))
}

/** True for so long from now on. */
export function forSeconds(seconds: number): () => boolean {
  const until = performance.now() + seconds * 1_000
  return () => performance.now() < until
}

/** Any of them: what virtual users do need not be repeated. */
export const oneOf = randomOf(Math.random).pick

/** Loops that fail at once, again and again, would only measure themselves. */
export const pauseAfterError = (): Promise<void> => sleep(50)
