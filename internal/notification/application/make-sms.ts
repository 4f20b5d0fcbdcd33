import { catalogues } from '../domain/catalogue/catalogues.ts'
import type { Delivery } from '../domain/delivery.ts'
import { isSmsKind, type SmsKind } from '../domain/kinds.ts'
import type { Language } from '../domain/language.ts'
import { asE164 } from '../domain/phone-number.ts'
import { isMuted } from '../domain/preferences.ts'
import { smsText, type Sms } from '../domain/sms.ts'
import { holdOf, parcelOf, preferencesOf, wordingOf, type MessageDeps } from './ask-order.ts'
import { gone, isNotNow, type Made, type NotNow } from './made.ts'
import type { BoughtOrder } from './ports.ts'

/** A text message about an order. The number is asked for when it is made, and stored nowhere. */
export function makeSms(deps: MessageDeps) {
  return async (delivery: Delivery): Promise<Made> => {
    const { id, kind, recipient, trace } = delivery
    if (!isSmsKind(kind) || recipient.type !== 'order') throw new Error(`there is no text message ${kind}`)
    const order = await deps.owners.order(recipient.id, trace)
    if (!order) return gone
    const chosen = await preferencesOf(deps, order.userId)
    if (isMuted(chosen, kind, 'sms')) return { skip: 'muted' }
    const to = await reachedAt(deps, kind, order, delivery)
    if (isNotNow(to)) return to
    const write = await wordsOf(deps, kind, order, delivery)
    if (isNotNow(write)) return write
    const language = chosen.language ?? deps.defaultLanguage
    const text = smsText(write(language), deps.shopName)
    return {
      mail: {
        ...{ id, to: { email: '', name: '', phone: to.number }, subject: '', text, html: '' },
        ...{ attachments: [], unsubscribeUrl: undefined },
      },
    }
  }
}

/**
 * A parcel is announced where it goes, which may be somebody else's door; that money is missing concerns whoever pays. An
 * order without addresses has the number of its account.
 */
async function reachedAt(
  deps: MessageDeps,
  kind: SmsKind,
  order: BoughtOrder,
  delivery: Delivery,
): Promise<{ readonly number: string } | NotNow> {
  const isOfParcel = kind === 'order.shipped' || kind === 'order.delivered'
  const given = isOfParcel ? order.deliveryPhone : order.billingPhone
  const phone = given ?? (await phoneOfAccount(deps, order, delivery))
  if (phone === undefined) return gone
  if (phone.trim() === '') return { skip: 'no-number' }
  const number = asE164(phone)
  return number === undefined ? { skip: 'number-not-e164' } : { number }
}

const phoneOfAccount = async (
  { owners }: MessageDeps,
  { userId }: BoughtOrder,
  { trace }: Delivery,
): Promise<string | undefined> =>
  userId === undefined ? undefined : (await owners.person(userId, trace))?.phone

async function wordsOf(
  deps: MessageDeps,
  kind: SmsKind,
  order: BoughtOrder,
  delivery: Delivery,
): Promise<((language: Language) => Sms) | NotNow> {
  const wording = (language: Language) => wordingOf(deps, language)
  if (kind === 'order.shipped' || kind === 'order.delivered') {
    const parcel = await parcelOf(deps, delivery, order)
    return isNotNow(parcel) ? parcel : (language) => catalogues[language].sms[kind](parcel, wording(language))
  }
  if (kind === 'order.hold-ending') {
    const held = holdOf(deps, delivery, order)
    return isNotNow(held) ? held : (language) => catalogues[language].sms[kind](held, wording(language))
  }
  return (language) => catalogues[language].sms[kind](order.facts, wording(language))
}
