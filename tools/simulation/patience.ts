import type { Call } from '../../internal/platform/call.ts'
import { Refusal } from '../../internal/platform/refusal.ts'
import type { Random } from '../shared/random.ts'
import type { World } from './world.ts'

/** More tries than a request needs while the system is healthy. */
const maxTries = 12

/** Returns undefined when the request was refused or never answered. */
export async function untilAnswered<Answer>(
  { world, random }: { readonly world: World; readonly random: Random },
  work: () => Promise<Answer>,
  refused: (why: Refusal) => void = () => undefined,
): Promise<Answer | undefined> {
  for (let tries = 1; tries <= maxTries; tries++) {
    try {
      return await work()
    } catch (err) {
      if (err instanceof Refusal && err.kind !== 'unavailable' && err.kind !== 'internal') {
        refused(err)
        return undefined
      }
      world.count('retry')
      const pauseMs = random.integer(100, 3_000)
      await new Promise<void>((resolve) => {
        world.time.after(pauseMs, resolve)
      })
    }
  }
  return undefined
}

export const as = (userId: string, role: 'customer' | 'admin'): Call => ({
  actor: { kind: 'user', userId, role },
  correlationId: 'simulation',
  traceparent: '',
})
