import { Refusal } from '../../platform/refusal.ts'
import { channelsOf, isChannel, isKind, isOptional, kinds, type Channel, type Kind } from './kinds.ts'
import { isLanguage, type Language } from './language.ts'

/** What somebody has chosen. Whoever has chosen nothing is told of everything, in the shop's language. */
export type Preferences = {
  readonly language: Language | undefined
  readonly muted: readonly Muted[]
}

type Muted = { readonly kind: Kind; readonly channel: Channel }

export const noPreferences: Preferences = { language: undefined, muted: [] }

export const isMuted = ({ muted }: Preferences, kind: Kind, channel: Channel): boolean =>
  muted.some((each) => each.kind === kind && each.channel === channel)

export type Wanted = { readonly kind: string; readonly channel: string; readonly enabled: boolean }

/** Kinds and channels that are not named stay as they are. An empty language is the shop's. */
export function choose(
  before: Preferences,
  language: string | undefined,
  wanted: readonly Wanted[],
): Preferences {
  const muted = wanted.reduce<readonly Muted[]>((left, each) => chooseOne(left, each), before.muted)
  if (language === undefined) return { ...before, muted }
  if (language !== '' && !isLanguage(language))
    throw new Refusal('invalid', 'notification.unknown-language', 'the languages are en and de')
  return { language: language === '' ? undefined : language, muted }
}

function chooseOne(muted: readonly Muted[], { kind, channel, enabled }: Wanted): readonly Muted[] {
  if (!isKind(kind) || !isChannel(channel) || !channelsOf(kind).includes(channel))
    throw new Refusal('invalid', 'notification.unknown-kind', 'there is no such kind by this channel')
  if (!enabled && !isOptional(kind, channel))
    throw new Refusal('invalid', 'notification.not-optional', `${kind} belongs to an order or an account`)
  const others = muted.filter((each) => each.kind !== kind || each.channel !== channel)
  return enabled ? others : [...others, { kind, channel }]
}

export type ShownPreference = Wanted & { readonly fixed: boolean }

/** Every kind by every channel that it has. */
export const showPreferences = (preferences: Preferences): readonly ShownPreference[] =>
  kinds.flatMap((kind) =>
    channelsOf(kind).map((channel) => ({
      ...{ kind, channel, fixed: !isOptional(kind, channel) },
      enabled: !isMuted(preferences, kind, channel),
    })),
  )
