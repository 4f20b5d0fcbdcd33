import type { Links, Wording } from '../domain/catalogue/catalogue.ts'
import { catalogues } from '../domain/catalogue/catalogues.ts'
import type { Delivery, OrderId, UserId } from '../domain/delivery.ts'
import type { FactsOf, OrderFacts } from '../domain/facts.ts'
import { isOptional, type Kind } from '../domain/kinds.ts'
import type { Language } from '../domain/language.ts'
import { asHtml, asText, link, text, type Letter } from '../domain/letter.ts'
import { reminderOf } from '../domain/news.ts'
import { isMuted, noPreferences, type Preferences } from '../domain/preferences.ts'
import type { Attachment, BoughtOrder, Mail, Owners, Person, PreferenceStore } from './ports.ts'

type Deps = {
  readonly owners: Owners
  readonly preferences: Pick<PreferenceStore, 'find'>
  readonly defaultLanguage: Language
  readonly shopName: string
  readonly links: Links
  readonly unsubscribeUrl: (userId: UserId, kind: Kind) => string
  readonly now: () => Date
}

/** A mail, or why none is to be sent, or when it is to be made. */
export type Made = { readonly mail: Mail } | NotNow

type NotNow = { readonly skip: string } | { readonly later: Date }

/** Asks the owners what the mail says and where it goes. It is stored nowhere. */
export function makeMail(deps: Deps) {
  return async (delivery: Delivery): Promise<Made> => {
    const gathered = await gather(deps, delivery)
    if ('skip' in gathered || 'later' in gathered) return gathered
    const { to, userId, attachments } = gathered
    const chosen = await preferencesOf(deps, userId)
    if (isOptional(delivery.kind) && isMuted(chosen, delivery.kind, 'email')) return { skip: 'muted' }
    if (to.email === '') return { skip: 'no-address' }
    const isOff = isOptional(delivery.kind) && userId !== undefined
    const unsubscribeUrl = isOff ? deps.unsubscribeUrl(userId, delivery.kind) : undefined
    const language = chosen.language ?? deps.defaultLanguage
    const letter = gathered.write(catalogues[language].letters, wordingOf(deps, language))
    const frame = frameOf(deps, language, to.name, unsubscribeUrl)
    return {
      mail: {
        ...{ id: delivery.id, to, subject: letter.subject, attachments, unsubscribeUrl },
        ...{ text: asText(letter, frame), html: asHtml(letter, frame) },
      },
    }
  }
}

type Letters = (typeof catalogues)[Language]['letters']

type Gathered = {
  readonly to: Person
  readonly userId: UserId | undefined
  readonly attachments: readonly Attachment[]
  readonly write: (letters: Letters, wording: Wording) => Letter
}

const gone = { skip: 'gone' } as const

async function gather(deps: Deps, delivery: Delivery): Promise<Gathered | NotNow> {
  const { kind, recipient } = delivery
  if (recipient.type === 'order') return gatherOfOrder(deps, delivery, recipient.id)
  if (kind === 'account.email-verification' || kind === 'account.password-reset')
    return gatherOfRequest(deps, delivery, kind, recipient.id)
  const person = await deps.owners.person(recipient.id, delivery.trace)
  if (!person) return gone
  const found = { to: person, userId: recipient.id, attachments: [] }
  if (kind === 'account.welcome') return { ...found, write: (letters, wording) => letters[kind]({}, wording) }
  if (kind !== 'cart.abandoned') throw new Error(`a mail ${kind} goes to the buyer of an order`)
  const facts = await deps.owners.abandonedCart(recipient.id, delivery.refs.cartId ?? '', delivery.trace)
  if (!facts) return gone
  return { ...found, write: (letters, wording) => letters[kind](facts, wording) }
}

async function gatherOfRequest(
  { owners, now }: Deps,
  { refs, trace }: Delivery,
  kind: 'account.email-verification' | 'account.password-reset',
  userId: UserId,
): Promise<Gathered | NotNow> {
  const request = await owners.mailRequest(refs.requestId ?? '', trace)
  if (!request || `account.${request.kind}` !== kind) return { skip: 'used-or-expired' }
  const { email, name, token, expiresAt } = request
  const minutes = Math.max(1, Math.round((expiresAt.getTime() - now().getTime()) / 60_000))
  return {
    ...{ to: { email, name }, userId, attachments: [] },
    write: (letters, wording) => letters[kind]({ token, minutes }, wording),
  }
}

async function gatherOfOrder(deps: Deps, delivery: Delivery, orderId: OrderId): Promise<Gathered | NotNow> {
  const { owners } = deps
  const { kind, trace } = delivery
  const order = await owners.order(orderId, trace)
  if (!order) return gone
  const { facts, userId } = order
  const to = await buyerOf(deps, order, delivery)
  if (!to) return gone
  const attachments = await attachmentsOf(deps, delivery, facts.orderId)
  const written = { to, userId, attachments }
  if (kind === 'order.shipped' || kind === 'order.delivered') {
    const parcel = await owners.parcel(facts, delivery.refs.shipmentId ?? '', trace)
    if (!parcel) return gone
    return { ...written, write: (letters, wording) => letters[kind](parcel, wording) }
  }
  if (kind === 'order.hold-ending') {
    const { heldUntil } = order
    if (!heldUntil || heldUntil <= deps.now()) return { skip: 'hold-over' }
    // Somebody may be at a provider's page, for which stock is held longer.
    const reminder = reminderOf(delivery.createdAt, heldUntil)
    if (reminder > deps.now()) return { later: reminder }
    const facts = { ...order.facts, holdUntil: heldUntil }
    return { ...written, write: (letters, wording) => letters[kind](facts, wording) }
  }
  if (kind === 'order.refunded') {
    const amountMinor = BigInt(delivery.refs.amountMinor ?? '0')
    return { ...written, write: (letters, wording) => letters[kind]({ ...facts, amountMinor }, wording) }
  }
  if (!isOfOrder(kind)) throw new Error(`a mail ${kind} goes to an account`)
  return { ...written, write: (letters, wording) => letters[kind](facts, wording) }
}

/** The kinds whose words are about an order and nothing more. */
type OfOrder = { [Each in Kind]: OrderFacts extends FactsOf[Each] ? Each : never }[Kind]

const isOfOrder = (kind: Kind): kind is Exclude<OfOrder, 'account.welcome'> =>
  (kind.startsWith('order.') || kind.startsWith('return.')) &&
  !['order.shipped', 'order.delivered', 'order.refunded', 'order.hold-ending'].includes(kind)

/** What was given at the checkout counts; an order of lines has the account's address. */
async function buyerOf(
  { owners }: Deps,
  { email, name, userId }: BoughtOrder,
  { trace }: Delivery,
): Promise<Person | undefined> {
  if (email !== '') return { email, name }
  return userId === undefined ? undefined : owners.person(userId, trace)
}

async function attachmentsOf(
  { owners }: Deps,
  { kind, refs, trace }: Delivery,
  orderId: string,
): Promise<readonly Attachment[]> {
  const document =
    kind === 'order.paid'
      ? await owners.receipt(refs.receiptId ?? '', trace)
      : kind === 'order.refunded'
        ? await owners.creditNote(orderId, refs.refundId ?? '', trace)
        : undefined
  return document ? [document] : []
}

async function preferencesOf({ preferences }: Deps, userId: UserId | undefined): Promise<Preferences> {
  if (userId === undefined) return noPreferences
  return (await preferences.find([userId])).get(userId) ?? noPreferences
}

function wordingOf({ shopName, links }: Deps, language: Language): Wording {
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

function frameOf({ shopName }: Deps, language: Language, name: string, unsubscribeUrl: string | undefined) {
  const { greeting, closing, reason, unsubscribe } = catalogues[language]
  const why = unsubscribeUrl === undefined ? reason.transactional(shopName) : reason.optional(shopName)
  return {
    ...{ language, greeting: greeting(name), closing: closing(shopName) },
    footer: [text(why), ...(unsubscribeUrl === undefined ? [] : [link(unsubscribe, unsubscribeUrl)])],
  }
}
