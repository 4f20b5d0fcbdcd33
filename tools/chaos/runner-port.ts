/** A process of the campaign. If it ends by itself, it is started again and the end is counted. */
export type Runner = {
  readonly name: string
  readonly pid: () => number | undefined
  /** Starts the process and resolves when it is ready. A start that fails is repeated for a while. */
  readonly start: () => Promise<void>
  /** Sends the signal and resolves when the process has ended. It is not started again before `start`. */
  readonly end: (signal: NodeJS.Signals) => Promise<void>
  /** Everything that it has printed so far. */
  readonly log: () => Promise<string>
  /** How often it has ended without being told to. */
  readonly unplannedEnds: () => number
}
