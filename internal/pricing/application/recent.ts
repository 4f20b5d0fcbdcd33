export type Recent<Value> = {
  /** At most `maxAgeMs` old. */
  readonly recent: () => Promise<Value>
  /** As it is now: read after the call. */
  readonly fresh: () => Promise<Value>
  /** What was read or is being read is not used again. */
  readonly forget: () => void
}

/** Keeps what was read for a while. Callers who come while it is being read wait for the same answer. */
export function keepRecent<Value>(
  read: () => Promise<Value>,
  { maxAgeMs, nowMs }: { readonly maxAgeMs: number; readonly nowMs: () => number },
): Recent<Value> {
  let kept: { readonly value: Promise<Value>; readonly readAtMs: number } | undefined
  function load(): Promise<Value> {
    const reading = { value: read(), readAtMs: nowMs() }
    kept = reading
    // A failure is told to those who wait, and not kept.
    reading.value.catch(() => {
      if (kept === reading) kept = undefined
    })
    return reading.value
  }
  return {
    recent: async () => (kept && nowMs() - kept.readAtMs < maxAgeMs ? kept.value : load()),
    fresh: async () => load(),
    forget() {
      kept = undefined
    },
  }
}
