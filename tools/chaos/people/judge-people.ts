import { ruleOf, type Rule } from '../rule.ts'
import type { Session } from './life.ts'

/** What was answered in the end, as statuses of HTTP. */
export type FoundSession = {
  readonly state: Session['state']
  /** With the access token; undefined for one that was not tried. */
  readonly looked: number | undefined
  readonly refreshed: number
}

export type FoundLife = {
  readonly mark: string
  readonly isErased: boolean
  readonly sessions: readonly FoundSession[]
  readonly loggedIn: number
}

export type FoundKey = { readonly isDeleted: boolean; readonly looked: number }

export type FoundPeople = {
  readonly lives: readonly FoundLife[]
  readonly keys: readonly FoundKey[]
  /** Where something of those who were erased was found. */
  readonly remnants: readonly string[]
}

/** Compares what people were told of their accounts and keys with who gets in at the end. */
export function judgePeople({ lives, keys, remnants }: FoundPeople): readonly Rule[] {
  const sessions = lives.flatMap(({ mark, sessions: all }) => all.map((session) => ({ mark, ...session })))
  const erased = lives.filter(({ isErased }) => isErased)
  return [
    ruleOf(
      'a session that has ended opens nothing',
      sessions.filter(({ state }) => state === 'ended'),
      ({ mark, looked, refreshed }) =>
        looked === 401 && refreshed === 401 ? undefined : `${mark} was answered ${looked} and ${refreshed}`,
    ),
    ruleOf(
      'nobody is logged out by a fault',
      sessions.filter(({ state }) => state === 'alive'),
      ({ mark, refreshed }) => (refreshed === 200 ? undefined : `${mark} was answered ${refreshed}`),
    ),
    ruleOf(
      'who has an account can log in, and who was erased cannot',
      lives,
      ({ mark, isErased, loggedIn }) =>
        loggedIn === (isErased ? 401 : 200) ? undefined : `${mark} was answered ${loggedIn}`,
    ),
    ruleOf('a key works until it is deleted', keys, ({ isDeleted, looked }) =>
      looked === (isDeleted ? 401 : 200) ? undefined : `a key was answered ${looked}`,
    ),
    {
      ...ruleOf('nothing names who was erased', erased, () => undefined),
      ...{ violations: remnants.length, offenders: remnants.slice(0, 5) },
    },
  ]
}
