import type { Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { UserId } from '../domain/delivery.ts'
import { isKind, type Kind } from '../domain/kinds.ts'
import { choose, noPreferences, type Preferences, type Wanted } from '../domain/preferences.ts'
import { userOf } from './deliveries.ts'
import type { PreferenceStore } from './ports.ts'

type Deps = { readonly preferences: PreferenceStore; readonly now: () => Date }

export function getPreferences({ preferences }: Pick<Deps, 'preferences'>) {
  return async (call: Call): Promise<Preferences> => {
    const userId = userOf(call)
    return (await preferences.find([userId])).get(userId) ?? noPreferences
  }
}

export function changePreferences({ preferences, now }: Deps) {
  return async (
    { language, wanted }: { readonly language: string | undefined; readonly wanted: readonly Wanted[] },
    call: Call,
  ): Promise<Preferences> =>
    preferences.update(userOf(call), (before) => choose(before, language, wanted), now())
}

/** Reads what a link of a mail says; undefined when it is not ours. */
export type ReadToken = (token: string) => { readonly userId: UserId; readonly kind: string } | undefined

/** The link is enough: whoever has the mail may stop it, and can do nothing else with it. */
export function unsubscribe({ preferences, now, readToken }: Deps & { readonly readToken: ReadToken }) {
  return async (token: string): Promise<void> => {
    const read = readToken(token)
    if (!read || !isKind(read.kind))
      throw new Refusal('invalid', 'notification.invalid-token', 'this link was not made by us')
    const wanted = [{ kind: read.kind satisfies Kind, channel: 'email', enabled: false }]
    await preferences.update(read.userId, (before) => choose(before, undefined, wanted), now())
  }
}
