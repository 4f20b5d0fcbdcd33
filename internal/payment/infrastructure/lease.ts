/** Longer than a provider's answer takes. What a dead process had is taken by another one after that. */
const leaseMs = 20_000

export const leaseEnd = (now: Date): Date => new Date(now.getTime() + leaseMs)

/** So much of it is left that an answer is in time. */
export const isFresh = (takenAt: Date, now: Date): boolean => now.getTime() < takenAt.getTime() + leaseMs / 2
