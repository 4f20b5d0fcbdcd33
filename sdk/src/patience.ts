export type Patience = {
  /** How often a request is sent again; 3 unless it is said. */
  readonly repetitions: number
  /** A longer Retry-After than this is not waited for; 30 s unless it is said. */
  readonly longestWaitMs: number
}

export const usualPatience: Patience = { repetitions: 3, longestWaitMs: 30_000 }

export type Send = (request: Request) => Promise<Response>

/** The first wait where nobody says how long; each one after it is twice as long. */
const firstWaitMs = 200

/**
 * Sends a request again that was refused for the moment, or got no answer, where that does nothing twice: everything but
 * what has neither an idempotent method nor a key.
 */
export async function sendPatiently(
  request: Request,
  send: Send,
  { repetitions, longestWaitMs }: Patience,
): Promise<Response> {
  for (let repeated = 0; ; repeated++) {
    const isLast = repeated >= repetitions
    const usualWaitMs = firstWaitMs * 2 ** repeated
    let waitMs = usualWaitMs
    try {
      const response = await send(request.clone())
      if (isLast || !isRefusedForNow(request, response)) return response
      waitMs = retryAfterMs(response.headers.get('retry-after')) ?? usualWaitMs
      if (waitMs > longestWaitMs) return response
      await response.body?.cancel()
    } catch (err) {
      if (isLast || request.signal.aborted || !isSafeTwice(request)) throw err
    }
    await pause(waitMs, request.signal)
  }
}

/** 429 is said before anything is done; what 503 says may come too late. */
const isRefusedForNow = (request: Request, { status }: Response): boolean =>
  status === 429 || (status === 503 && isSafeTwice(request))

const isSafeTwice = ({ method, headers }: Request): boolean =>
  ['GET', 'HEAD', 'PUT', 'DELETE'].includes(method) || headers.has('idempotency-key')

/** Seconds, or a time. */
function retryAfterMs(text: string | null): number | undefined {
  if (text === null) return undefined
  if (/^\d+$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
