/** An answer that takes longer than this may never come, because the leader that was asked may be gone. */
const askAgainMs = 500

/**
 * Asks the same question again twice a second and takes the first outcome of any of them, be it an answer or an error;
 * at the latest that is the timeout of the first question. So a new leader answers as soon as there is one, and not
 * only after a timeout. Only questions that may be asked twice can be asked in this way.
 * With `goesOn` an error that it accepts ends nothing, not even a timeout.
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
