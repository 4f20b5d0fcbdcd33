/** An answer that takes longer than this may never come: the leader that was asked may be gone, and not yet replaced. */
const askAgainMs = 500

/**
 * Asks again twice a second until one of the questions is answered, with whatever that says; the first one's own timeout ends it.
 * For questions that may be asked twice. One that waited for its timeout would not hear of a new leader any sooner.
 */
export function insist<Answer>(ask: () => Promise<Answer>, everyMs = askAgainMs): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const askOnce = (): void =>
      void ask()
        .then(resolve, reject)
        .finally(() => clearInterval(timer))
    const timer = setInterval(askOnce, everyMs)
    askOnce()
  })
}
