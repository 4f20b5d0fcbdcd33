import { Refusal } from '../../platform/refusal.ts'

/** Where a call between services can be broken off, and whether it is done all the same. */
export type Seam = 'reserveStock' | 'reopenGate' | 'closeGate' | 'releaseStock'
export type Fault = { readonly seam: Seam; readonly when: 'before' | 'after' }

/** Lets time pass at the payments after they have told of the order's money, and before they are asked to take it. */
export function interludes<Handlers extends object>(
  handlers: Handlers & { listGates: (...values: never[]) => unknown },
) {
  let passes: (() => Promise<void>) | undefined
  const listGates = async (...values: never[]): Promise<unknown> => {
    const answer = await handlers.listGates(...values)
    const pass = passes
    passes = undefined
    await pass?.()
    return answer
  }
  return {
    handlers: { ...handlers, listGates } as Handlers,
    afterNews: (pass: () => Promise<void>) => void (passes = pass),
  }
}

/** Breaks the next call of the armed seam. */
export function seams() {
  let armed: Fault | undefined
  const over = <Handlers extends object>(handlers: Handlers): Handlers =>
    new Proxy(handlers, {
      get(target, name) {
        const method = Reflect.get(target, name) as (...values: readonly unknown[]) => Promise<unknown>
        return async (...values: readonly unknown[]) => {
          if (armed?.seam !== name) return method(...values)
          const { when } = armed
          armed = undefined
          if (when === 'after') await method(...values)
          throw new Refusal('unavailable', 'service.unavailable', `${name} is broken off`)
        }
      },
    })
  return { over, arm: (fault: Fault) => void (armed = fault), isArmed: () => armed !== undefined }
}
