/** How many mails may be sent now, by all senders of this process together. */
export type Pace = {
  /** Takes so many, or as many as there are. */
  readonly take: (most: number) => number
  /** Those that were taken and not needed. */
  readonly giveBack: (count: number) => void
}

/** A second's worth may be sent at once; then it goes on at this rate. */
export function pace(perSecond: number, now: () => Date): Pace {
  let saved = perSecond
  let at = now().getTime()
  return {
    take(most) {
      const elapsedMs = Math.max(0, now().getTime() - at)
      at += elapsedMs
      saved = Math.min(perSecond, saved + (elapsedMs * perSecond) / 1_000)
      const taken = Math.min(most, Math.floor(saved))
      saved -= taken
      return taken
    },
    giveBack: (count) => void (saved = Math.min(perSecond, saved + count)),
  }
}
