import { Refusal } from '../../platform/refusal.ts'

/** Reads a key together with all others that are asked for at the same time. */
export type Load = (key: string) => Promise<unknown>

export type LoadOptions = {
  readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, unknown>>
  readonly none: unknown
  /** Of one answer. */
  readonly maxKeys: number
  readonly keysPerQuestion: number
}

/** For one answer. Each key is read once, and the number of questions does not depend on how many ask for it. */
export function loadTogether({ read, none, maxKeys, keysPerQuestion }: LoadOptions): Load {
  const known = new Map<string, Promise<unknown>>()
  let waiting: string[] = []
  let reading: Promise<ReadonlyMap<string, unknown>> | undefined

  async function readWaiting(): Promise<ReadonlyMap<string, unknown>> {
    await turnOver()
    const keys = waiting
    waiting = []
    reading = undefined
    const parts = Array.from({ length: Math.ceil(keys.length / keysPerQuestion) }, (_, index) =>
      keys.slice(index * keysPerQuestion, (index + 1) * keysPerQuestion),
    )
    const found = await Promise.all(parts.map(read))
    return new Map(found.flatMap((each) => [...each]))
  }

  return (key) => {
    const earlier = known.get(key)
    if (earlier) return earlier
    if (known.size >= maxKeys) return Promise.reject(tooMuch(maxKeys))
    waiting.push(key)
    reading ??= readWaiting()
    const value = reading.then((found) => found.get(key) ?? none)
    known.set(key, value)
    return value
  }
}

/** Resolves when all that is ready to run has run, so that it has asked for what it needs. */
const turnOver = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

const tooMuch = (maxKeys: number): Refusal =>
  new Refusal(
    'invalid',
    'graphql.answer-too-large',
    `one answer looks up at most ${maxKeys} things; ask for fewer`,
  )
