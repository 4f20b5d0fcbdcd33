import type { Wording, Links } from '../domain/catalogue/catalogue.ts'
import type { Delivery, UserId } from '../domain/delivery.ts'
import type { HoldFacts, ParcelFacts } from '../domain/facts.ts'
import type { Language } from '../domain/language.ts'
import { reminderOf } from '../domain/news.ts'
import { noPreferences, type Preferences } from '../domain/preferences.ts'
import { gone, type NotNow } from './made.ts'
import type { BoughtOrder, Owners, PreferenceStore } from './ports.ts'

// What mails and text messages about orders both ask for.

export type MessageDeps = {
  readonly owners: Owners
  readonly preferences: Pick<PreferenceStore, 'find'>
  readonly defaultLanguage: Language
  readonly shopName: string
  readonly links: Links
  readonly now: () => Date
}

export async function parcelOf(
  { owners }: Pick<MessageDeps, 'owners'>,
  { refs, trace }: Delivery,
  { facts }: BoughtOrder,
): Promise<ParcelFacts | NotNow> {
  return (await owners.parcel(facts, refs.shipmentId ?? '', trace)) ?? gone
}

export function holdOf(
  { now }: Pick<MessageDeps, 'now'>,
  { createdAt }: Delivery,
  { facts, heldUntil }: BoughtOrder,
): HoldFacts | NotNow {
  if (!heldUntil || heldUntil <= now()) return { skip: 'hold-over' }
  // Somebody may be at a provider's page, for which stock is held longer.
  const reminder = reminderOf(createdAt, heldUntil)
  return reminder > now() ? { later: reminder } : { ...facts, holdUntil: heldUntil }
}

export async function preferencesOf(
  { preferences }: Pick<MessageDeps, 'preferences'>,
  userId: UserId | undefined,
): Promise<Preferences> {
  if (userId === undefined) return noPreferences
  return (await preferences.find([userId])).get(userId) ?? noPreferences
}

export function wordingOf(
  { shopName, links }: Pick<MessageDeps, 'shopName' | 'links'>,
  language: Language,
): Wording {
  return {
    ...{ shopName, links },
    // Nobody knows where the reader is.
    time: (at) =>
      `${at.toLocaleString(language, { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'short' })} UTC`,
    money(minor, currency) {
      const format = new Intl.NumberFormat(language, { style: 'currency', currency })
      const { maximumFractionDigits: digits = 2 } = format.resolvedOptions()
      return format.format(Number(minor) / 10 ** digits)
    },
  }
}
