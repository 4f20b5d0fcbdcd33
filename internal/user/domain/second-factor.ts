/** What somebody shows besides the password: a code of an app (TOTP), or one of the recovery codes. */
export type SecondFactor = {
  /** Encrypted. */
  readonly sealedSecret: string
  /** Undefined until its owner has shown a code of it: before, nobody is asked for one. */
  readonly confirmedAt: Date | undefined
  /** The time step of the last code that was used. That one and earlier ones are good no more. */
  readonly lastStep: number
  /** Of the recovery codes that were not used. */
  readonly recoveryHashes: readonly string[]
  /** Wrong codes in a row, and when the first one came. */
  readonly wrong: { readonly count: number; readonly since: Date } | undefined
}

/** What a code comes to: the time step of which it is, if any, and its digest as a recovery code. */
export type ShownCode = { readonly step: number | undefined; readonly hash: string }

export type Judgement = { readonly factor: SecondFactor; readonly is: 'good' | 'wrong' | 'too-many' }

/**
 * Of a million codes three are good at any time, so whoever knows the password must not try many. The owner waits as
 * long, but only while somebody does.
 */
const mostWrong = 10
const wrongForMs = 15 * 60_000

export const beginSecondFactor = (sealedSecret: string): SecondFactor => ({
  ...{ sealedSecret, confirmedAt: undefined, lastStep: 0, recoveryHashes: [], wrong: undefined },
})

export const confirmSecondFactor = (
  factor: SecondFactor,
  recoveryHashes: readonly string[],
  at: Date,
): SecondFactor => ({ ...factor, confirmedAt: at, recoveryHashes })

/** The factor after a code was shown: a code is good once. */
export function judgeCode(factor: SecondFactor, { step, hash }: ShownCode, at: Date): Judgement {
  const wrong = recentlyWrong(factor, at)
  if (wrong && wrong.count >= mostWrong) return { factor, is: 'too-many' }
  if (step !== undefined && step > factor.lastStep)
    return { factor: { ...factor, lastStep: step, wrong: undefined }, is: 'good' }
  if (factor.recoveryHashes.includes(hash)) {
    const recoveryHashes = factor.recoveryHashes.filter((each) => each !== hash)
    return { factor: { ...factor, recoveryHashes, wrong: undefined }, is: 'good' }
  }
  const counted = wrong ? { ...wrong, count: wrong.count + 1 } : { count: 1, since: at }
  return { factor: { ...factor, wrong: counted }, is: 'wrong' }
}

function recentlyWrong({ wrong }: SecondFactor, at: Date): SecondFactor['wrong'] {
  return wrong && at.getTime() - wrong.since.getTime() < wrongForMs ? wrong : undefined
}
