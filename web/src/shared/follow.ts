const pauseMs = 2_000

type Stream = { readonly next: () => Promise<{ readonly done?: boolean | undefined }> }

/**
 * Reads a stream of events, and opens it again when it breaks off, until the signal ends it. A tab that nobody sees reads none:
 * a browser has only a few connections to one server, and all tabs share them.
 */
export async function follow(
  open: (signal: AbortSignal) => Promise<{ readonly stream: Stream }>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await isSeen(signal)
    const ending = new AbortController()
    const look = (): void => {
      if (document.hidden || signal.aborted) ending.abort()
    }
    document.addEventListener('visibilitychange', look)
    signal.addEventListener('abort', look)
    try {
      const { stream } = await open(ending.signal)
      while (!(await stream.next()).done);
    } catch {
      // The pages ask by themselves now and then, so a stream that is away is no fault to show.
    } finally {
      document.removeEventListener('visibilitychange', look)
      signal.removeEventListener('abort', look)
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Resolves when the tab is seen, or nothing is to be followed any more. */
async function isSeen(signal: AbortSignal): Promise<void> {
  while (document.hidden && !signal.aborted)
    await new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }))
}
