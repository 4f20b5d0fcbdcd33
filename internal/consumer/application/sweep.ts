/** What a service has done in a sweep: work that events should have brought about by then. */
export type Swept = { readonly service: string; readonly what: string; readonly count: number }

type Sweeper = {
  readonly service: string
  readonly sweep: (olderThanSeconds: number) => Promise<readonly Omit<Swept, 'service'>[]>
}

type Deps = {
  readonly sweepers: readonly Sweeper[]
  /** Is called for a service that could not be asked. The other services are asked nevertheless. */
  readonly report: (service: string, err: unknown) => void
}

/** Asks each service to compare its own state with what should have happened. It needs no events, which may be lost. */
export function sweep({ sweepers, report }: Deps) {
  return async (afterSeconds: number): Promise<readonly Swept[]> => {
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
