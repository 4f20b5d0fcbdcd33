/** A service that does on request what events should have brought about by now. */
export type Swept = { readonly service: string; readonly what: string; readonly count: number }

type Sweeper = {
  readonly service: string
  readonly sweep: (olderThanSeconds: number) => Promise<readonly Omit<Swept, 'service'>[]>
}

type Deps = {
  readonly sweepers: readonly Sweeper[]
  readonly afterSeconds: number
  /** Told of a service that could not be asked; the others are, all the same. */
  readonly report: (service: string, err: unknown) => void
}

/** Level-triggered: each service looks at its own state, and not at the events that may have been lost. */
export function sweep({ sweepers, afterSeconds, report }: Deps) {
  return async (): Promise<readonly Swept[]> => {
    const results = await Promise.all(
      sweepers.map(async ({ service, sweep: ask }) => {
        try {
          return (await ask(afterSeconds)).map((swept) => ({ service, ...swept }))
        } catch (err) {
          report(service, err)
          return []
        }
      }),
    )
    return results.flat().filter(({ count }) => count > 0)
  }
}
