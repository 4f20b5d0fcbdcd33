/** The machine or a setting is not as needed; the message is one that its user can act on. */
export class SetupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'SetupError'
  }
}

/** Shows what is being done and how long it took. */
export type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>

export const silently: Step = (_name, work) => work()
