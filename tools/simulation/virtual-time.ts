/** Something that will happen unless it is canceled. */
export type Planned = { readonly cancel: () => void }

/** Simulated time. It stands still while anything runs, and then jumps to the next thing that is planned. */
export type VirtualTime = {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly after: (ms: number, run: () => void) => Planned
  /** Runs everything that is planned until then, one after the other, each with its immediate consequences. */
  readonly runUntil: (ms: number) => Promise<void>
}

type Entry = { readonly at: number; readonly order: number; run: (() => void) | undefined }

const start = Date.UTC(2026, 0, 2, 3, 4, 5)
const realImmediate = setImmediate

/** Resolves when all promises that can settle have settled, because microtasks run before the next event-loop turn. */
const microtasksAreDone = (): Promise<void> => new Promise((resolve) => void realImmediate(resolve))

export function virtualTime(): VirtualTime {
  const heap: Entry[] = []
  let current = start
  let planned = 0

  function pushed(entry: Entry): void {
    let index = heap.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(heap[index], heap[parent])) return
      swap(heap, index, parent)
      index = parent
    }
  }

  function popped(): Entry | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || heap.length === 0) return first
    heap[0] = last
    for (let index = 0; ;) {
      const left = 2 * index + 1
      const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left
      if (!isBefore(heap[child], heap[index])) return first
      swap(heap, index, child)
      index = child
    }
  }

  return {
    now: () => current,
    after(ms, run) {
      const entry: Entry = { at: current + Math.max(0, ms), order: planned++, run }
      pushed(entry)
      return { cancel: () => void (entry.run = undefined) }
    },
    async runUntil(ms) {
      while (heap[0] && heap[0].at <= ms) {
        const entry = popped()
        if (!entry?.run) continue
        current = entry.at
        entry.run()
        await microtasksAreDone()
      }
      current = Math.max(current, ms)
    },
  }
}

function isBefore(a: Entry | undefined, b: Entry | undefined): boolean {
  if (!a || !b) return a !== undefined
  return a.at === b.at ? a.order < b.order : a.at < b.at
}

function swap(heap: Entry[], a: number, b: number): void {
  const [one, other] = [heap[a], heap[b]]
  if (!one || !other) return
  heap[a] = other
  heap[b] = one
}

/**
 * Replaces the clocks and timers of this process, so that the product's own loops run unchanged in simulated time.
 * Returns a function that restores the real ones. Only one simulation can run in a process at a time.
 */
export function takeOverClocks(time: VirtualTime, random: () => number): () => void {
  if (setImmediate !== realImmediate) throw new Error('another simulation runs in this process')
  const real = {
    setTimeout,
    clearTimeout,
    setImmediate,
    dateNow: Date.now,
    performanceNow: performance.now.bind(performance),
    random: Math.random,
  }
  const later = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    const planned = time.after(ms, () => run(...args))
    return { ...planned, unref: () => undefined, ref: () => undefined }
  }
  Object.assign(globalThis, {
    setTimeout: later,
    clearTimeout: (planned: Partial<Planned> | undefined) => planned?.cancel?.(),
    setImmediate: (run: () => void) => later(run),
  })
  Date.now = time.now
  performance.now = time.now
  Math.random = random
  return () => {
    const { dateNow, performanceNow, random: realRandom, ...timers } = real
    Object.assign(globalThis, timers)
    Date.now = dateNow
    performance.now = performanceNow
    Math.random = realRandom
  }
}
