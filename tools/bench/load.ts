import { setTimeout as sleep } from 'node:timers/promises'
import { randomOf } from '../shared/random.ts'
import type { Measured } from './work.ts'

/** One kind of work, ready to run. It measures since the last `reset`. */
export type Load = {
  readonly run: (seconds: number) => Promise<void>
  /** Waits until no request is under way. */
  readonly drain: () => Promise<void>
  readonly reset: () => void
  readonly measured: () => Measured
  readonly progress: () => { readonly done: number; readonly settled: number }
  readonly close: () => Promise<void>
}

/** Each user takes one step after the other as long as `goesOn` returns true. */
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

/** Makes a function that returns true for so many seconds from now on. */
export function forSeconds(seconds: number): () => boolean {
  const until = performance.now() + seconds * 1_000
  return () => performance.now() < until
}

/** Picks any item. It has no seed, because the actions of virtual users need not be repeatable. */
export const oneOf = randomOf(Math.random).pick

/** Without a pause, a loop that fails again and again at once would only measure itself. */
export const pauseAfterError = (): Promise<void> => sleep(50)
