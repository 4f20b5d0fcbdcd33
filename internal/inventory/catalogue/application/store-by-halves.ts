import { Refusal, type RefusalKind } from '../../../platform/refusal.ts'
import type { ListedProduct, ProductWrite, Stored } from './products.ts'

type Attempt = (writes: readonly ProductWrite[]) => Promise<readonly ListedProduct[]>

/** `attempt` stores all of what it is given or nothing. When one of several is refused, each half is stored by itself. */
export async function storeByHalves(
  writes: readonly ProductWrite[],
  attempt: Attempt,
): Promise<readonly Stored[]> {
  if (writes.length === 0) return []
  try {
    return await attempt(writes)
  } catch (err) {
    const refusal = refusalOfOne(err)
    if (writes.length === 1) return [refusal]
    const half = Math.ceil(writes.length / 2)
    const first = await storeByHalves(writes.slice(0, half), attempt)
    return [...first, ...(await storeByHalves(writes.slice(half), attempt))]
  }
}

const ofOne: ReadonlySet<RefusalKind> = new Set(['invalid', 'conflict', 'not-found'])

/** What is wrong with one product does not hold up the others. What is wrong with the service does: that is thrown. */
export function refusalOfOne(err: unknown): Refusal {
  if (err instanceof Refusal && ofOne.has(err.kind)) return err
  throw err
}
