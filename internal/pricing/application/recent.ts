export type Recent<Value> = {
  /** At most `maxAgeMs` old. */
  readonly recent: () => Promise<Value>
  /** As it is now: read after the call. Callers who come while it is being read share the next reading. */
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
  let underWay: Promise<Value> | undefined
  let next: Promise<Value> | undefined
  function load(): Promise<Value> {
    const reading = { value: read(), readAtMs: nowMs() }
    kept = reading
    underWay = reading.value
    reading.value.then(
      () => {
        if (underWay === reading.value) underWay = undefined
      },
      // A failure is told to those who wait, and not kept.
      () => {
        if (underWay === reading.value) underWay = undefined
        if (kept === reading) kept = undefined
      },
    )
    return reading.value
  }
  function loadNext(after: Promise<Value>): Promise<Value> {
    const begin = (): Promise<Value> => {
      next = undefined
      return load()
    }
    return (next ??= after.then(begin, begin))
  }
  return {
    recent: async () => (kept && nowMs() - kept.readAtMs < maxAgeMs ? kept.value : load()),
    fresh: async () => (underWay ? loadNext(underWay) : load()),
    forget() {
      kept = undefined
    },
  }
}
