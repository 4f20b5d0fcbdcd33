import { api, orderHeaders } from './api.ts'

const pauseMs = 2_000

/** Tells of each thing that happens to an order, until the signal ends it. What was missed in between is told at once. */
export async function followOrder(id: string, signal: AbortSignal, onEvent: () => void): Promise<void> {
  while (!signal.aborted) {
    try {
      const { stream } = await api().streamOrder({
        path: { id },
        headers: orderHeaders(id),
        signal,
        sseMaxRetryAttempts: 1,
        onSseEvent: onEvent,
      })
      while (!(await stream.next()).done);
    } catch {
      // The pages ask by themselves now and then, so a stream that is away is no fault to show.
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
