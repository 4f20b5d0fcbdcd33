/** Something is wrong with the machine or a setting. The message tells the user what to do. */
export class SetupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'SetupError'
  }
}

/** Runs `work`, and shows the user what is being done and how long it took. */
export type Step = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>

export const silently: Step = (_name, work) => work()
