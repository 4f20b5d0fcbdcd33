/** An answer that takes longer than this may never come: the leader that was asked may be gone, and not yet replaced. */
const askAgainMs = 500

/**
 * Asks again twice a second until one of the questions is answered, with whatever that says; the first one's own timeout ends it,
 * unless `goesOn` says otherwise. For questions that may be asked twice. One that waited for its timeout would not hear of a new
 * leader any sooner.
 */
export function insist<Answer>(
  ask: () => Promise<Answer>,
  everyMs = askAgainMs,
  goesOn: (err: unknown) => boolean = () => false,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearInterval(timer)
      settle()
    }
    const askOnce = (): void =>
      void ask().then(
        (answer) => end(() => resolve(answer)),
        (err: unknown) => {
          if (!goesOn(err)) end(() => reject(err instanceof Error ? err : new Error(String(err))))
        },
      )
    const timer = setInterval(askOnce, everyMs)
    askOnce()
  })
}
