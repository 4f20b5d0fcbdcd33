import type { SecondFactor } from '../domain/second-factor.ts'

/** As it is stored in the account's row. */
export const secondFactorJson = ({ confirmedAt, wrong, ...factor }: SecondFactor) => ({
  ...{ ...factor, recoveryHashes: [...factor.recoveryHashes] },
  confirmedAt: confirmedAt?.toISOString() ?? null,
  wrong: wrong ? { count: wrong.count, since: wrong.since.toISOString() } : null,
})

type Stored = ReturnType<typeof secondFactorJson>

export function secondFactorOf(json: unknown): SecondFactor | undefined {
  const stored = json as Stored | null // only what the function above has made is stored
  if (!stored) return undefined
  const { confirmedAt, wrong, ...factor } = stored
  return {
    ...factor,
    confirmedAt: confirmedAt === null ? undefined : new Date(confirmedAt),
    wrong: wrong === null ? undefined : { count: wrong.count, since: new Date(wrong.since) },
  }
}
