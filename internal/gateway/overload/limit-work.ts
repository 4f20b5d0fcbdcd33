import type { Call } from '../../platform/call.ts'
import type { Admission } from './admission.ts'
import type { Limited } from './traffic.ts'

/**
 * A call on behalf of a request, with the class in which the request competes for a place, and its address in a class
 * whose places are shared out by address.
 */
export type AdmittedCall = Call & { readonly admission?: Limited; readonly address?: string }

type Handler = (request: never, call: AdmittedCall) => Promise<unknown>

/** Each call of a service occupies a place while it runs. A request that waits for something else occupies none. */
export function limitWork<Services extends Readonly<Record<string, object>>>(
  admission: Admission,
  services: Services,
): Services {
  const limited = Object.entries(services).map(([name, handlers]) => [
    name,
    limitService(admission, handlers),
  ])
  return Object.fromEntries(limited) as Services // the same services
}

/** The same methods with the same types. */
function limitService(admission: Admission, handlers: object): object {
  const entries = Object.entries(handlers as Readonly<Record<string, Handler>>).map(([method, handle]) => {
    const limited: Handler = (request, call) =>
      admission.during(call.admission ?? 'others', () => handle(request, bare(call)), call.address)
    return [method, limited] as const
  })
  return Object.fromEntries(entries)
}

/** The call without what only the gateway knows. Its fields are copied one by one, because a rest pattern is slower. */
function bare({ actor, correlationId, traceparent, once, by }: AdmittedCall): Call {
  if (by) return { actor, correlationId, traceparent, ...(once ? { once } : {}), by }
  return once ? { actor, correlationId, traceparent, once } : { actor, correlationId, traceparent }
}
