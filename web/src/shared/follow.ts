const pauseMs = 2_000

type Stream = { readonly next: () => Promise<{ readonly done?: boolean | undefined }> }

/** Reads a stream of events, and opens it again when it breaks off, until the signal ends it. */
export async function follow(
  open: (signal: AbortSignal) => Promise<{ readonly stream: Stream }>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const { stream } = await open(signal)
      while (!(await stream.next()).done);
    } catch {
      // The pages ask by themselves now and then, so a stream that is away is no fault to show.
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
