import type { Once } from './call.ts'
import { Refusal } from './refusal.ts'

export type Done<Result> = { readonly result: Result; readonly isReplay: boolean }

/**
 * Does the work once. A repeated request gets what `find` finds of the first one. It is asked again when the work is
 * refused, because the first one may just have taken the key, or what it made may be what is in the way.
 */
export async function doOnce<Result>(
  once: Once | undefined,
  find: (once: Once) => Promise<Result | undefined>,
  work: () => Promise<Result>,
): Promise<Done<Result>> {
  const earlier = once && (await find(once))
  if (earlier !== undefined) return { result: earlier, isReplay: true }
  try {
    return { result: await work(), isReplay: false }
  } catch (err) {
    const first = once && err instanceof Refusal ? await find(once) : undefined
    if (first === undefined) throw err
    return { result: first, isReplay: true }
  }
}

/** Nobody sees this, because `doOnce` finds the request that has the key; unless it was undone in the same moment. */
export const keyInUse = (): Refusal =>
  new Refusal(
    'unavailable',
    'request.idempotency-key-in-use',
    'the first request under this key is under way',
  )

export const keyReused = (): Refusal =>
  new Refusal(
    'invalid',
    'request.idempotency-key-reused',
    'this Idempotency-Key was used with another request; use a new key for a new request',
  )
