import type { Call } from '../../internal/platform/call.ts'
import type { Parts } from './parts.ts'
import { checkoutClient } from './shopping.ts'
import type { Process } from './process.ts'
import type { seamFaults } from './steps.ts'

type SeamFault = (typeof seamFaults)[number]

/** After which calls of another service a process may die: the other has done it, and nobody has noted that. */
const seams: Readonly<Record<string, SeamFault>> = {
  lockCart: 'crash after a lock',
  reserveRedemptions: 'crash after a redemption',
  beginPayment: 'crash after a first payment',
  orderCart: 'crash after a cart was told',
  unlockCart: 'crash after a cart was told',
}

type Ask = (request: unknown, call: Call) => Promise<unknown>

/** The service as this process calls it, which dies between the answer and what it does next when it is to. */
export function withSeams<Handlers extends object>(
  { faults, kill }: Parts,
  process: Process,
  service: Handlers,
): Handlers {
  return new Proxy(service, {
    get(target, method: string) {
      const ask = (target as Record<string, Ask>)[method]
      const seam = seams[method]
      if (!ask || !seam) return ask
      return async (request: unknown, call: Call) => {
        const answer = await ask(request, call)
        if (!isSeam(method, request) || !faults.strikes(seam, process)) return answer
        kill(process)
        return new Promise(() => undefined) // nobody is there to go on
      }
    },
  })
}

/** A payment that a customer begins is none that an order has named. */
const isSeam = (method: string, request: unknown): boolean =>
  method !== 'beginPayment' || (request as { readonly client: string }).client === checkoutClient
