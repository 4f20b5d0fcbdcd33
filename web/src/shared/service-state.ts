import { store } from './store.ts'

/** How the service answers at the moment. The pages say so when it does not, and nothing that was typed is lost. */
export type ServiceState = 'well' | 'slow' | 'away'

export const serviceState = store<ServiceState>('well')

/** An answer that takes longer than this is worth a word. */
const slowAfterMs = 4_000

/** Those that have waited for longer. */
const late = new Set<Request>()

/** Sends a request and watches what becomes of it. The SDK sends again what was refused for the moment. */
export async function sendWatched(request: Request): Promise<Response> {
  // A stream goes on for as long as it is read, and an order may be waited for.
  const isQuick = !/\/(events|stream)$/.test(request.url) && !request.headers.has('prefer')
  const timer = isQuick ? setTimeout(() => isLate(request), slowAfterMs) : undefined
  let isAway = false
  try {
    const response = await fetch(request)
    isAway = response.status === 503
    return response
  } catch (err) {
    isAway = !request.signal.aborted
    throw err
  } finally {
    clearTimeout(timer)
    late.delete(request)
    serviceState.set(isAway ? 'away' : late.size > 0 ? 'slow' : 'well')
  }
}

function isLate(request: Request): void {
  late.add(request)
  if (serviceState.get() === 'well') serviceState.set('slow')
}
