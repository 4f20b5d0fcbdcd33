import type { Wording } from '../domain/catalogue/catalogue.ts'
import { catalogues } from '../domain/catalogue/catalogues.ts'
import type { Delivery, OrderId, UserId } from '../domain/delivery.ts'
import type { FactsOf, OrderFacts } from '../domain/facts.ts'
import { isOptional, type Kind, type StaffKind } from '../domain/kinds.ts'
import type { Language } from '../domain/language.ts'
import { asHtml, asText, link, text, type Letter } from '../domain/letter.ts'
import { isMuted } from '../domain/preferences.ts'
import { holdOf, parcelOf, preferencesOf, wordingOf, type MessageDeps } from './ask-order.ts'
import { gone, isNotNow, type Made, type NotNow } from './made.ts'
import type { Attachment, BoughtOrder, Person } from './ports.ts'

type Deps = MessageDeps & { readonly unsubscribeUrl: (userId: UserId, kind: Kind) => string }

/** Asks the owners what the mail says and where it goes. It is stored nowhere. */
export function makeMail(deps: Deps) {
  return async (delivery: Delivery): Promise<Made> => {
    const gathered = await gather(deps, delivery)
    if (isNotNow(gathered)) return gathered
    const { to, userId, attachments } = gathered
    const chosen = await preferencesOf(deps, userId)
    if (isOptional(delivery.kind, 'email') && isMuted(chosen, delivery.kind, 'email'))
      return { skip: 'muted' }
    if (to.email === '') return { skip: 'no-address' }
    const isOff = isOptional(delivery.kind, 'email') && userId !== undefined
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

async function gather(deps: Deps, delivery: Delivery): Promise<Gathered | NotNow> {
  const { kind, recipient } = delivery
  if (recipient.type === 'order') return gatherOfOrder(deps, delivery, recipient.id)
  if (recipient.type === 'staff') throw new Error(`staff have messages of their own, such as ${kind}`)
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
    ...{ to: { email, name, phone: '' }, userId, attachments: [] },
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
    const parcel = await parcelOf(deps, delivery, order)
    if (isNotNow(parcel)) return parcel
    return { ...written, write: (letters, wording) => letters[kind](parcel, wording) }
  }
  if (kind === 'order.hold-ending') {
    const held = holdOf(deps, delivery, order)
    if (isNotNow(held)) return held
    return { ...written, write: (letters, wording) => letters[kind](held, wording) }
  }
  if (kind === 'order.refunded') {
    const amountMinor = BigInt(delivery.refs.amountMinor ?? '0')
    return { ...written, write: (letters, wording) => letters[kind]({ ...facts, amountMinor }, wording) }
  }
  if (!isOfOrder(kind)) throw new Error(`a mail ${kind} goes to an account`)
  return { ...written, write: (letters, wording) => letters[kind](facts, wording) }
}

/** The kinds whose words are about an order and nothing more. */
type OfOrder = {
  [Each in Exclude<Kind, StaffKind>]: OrderFacts extends FactsOf[Each] ? Each : never
}[Exclude<Kind, StaffKind>]

const isOfOrder = (kind: Kind): kind is Exclude<OfOrder, 'account.welcome'> =>
  (kind.startsWith('order.') || kind.startsWith('return.')) &&
  !['order.shipped', 'order.delivered', 'order.refunded', 'order.hold-ending'].includes(kind)

/** What was given at the checkout counts; otherwise it goes to the address of the account. */
async function buyerOf(
  { owners }: Deps,
  { email, name, userId }: BoughtOrder,
  { trace }: Delivery,
): Promise<Person | undefined> {
  if (email !== '') return { email, name, phone: '' }
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

function frameOf({ shopName }: Deps, language: Language, name: string, unsubscribeUrl: string | undefined) {
  const { greeting, closing, reason, unsubscribe } = catalogues[language]
  const why = unsubscribeUrl === undefined ? reason.transactional(shopName) : reason.optional(shopName)
  return {
    ...{ language, greeting: greeting(name), closing: closing(shopName) },
    footer: [text(why), ...(unsubscribeUrl === undefined ? [] : [link(unsubscribe, unsubscribeUrl)])],
  }
}
