import type { FactsOf } from '../facts.ts'
import type { Refs } from '../delivery.ts'
import type { CustomerKind, SmsKind, StaffKind } from '../kinds.ts'
import type { Letter } from '../letter.ts'
import type { Sms } from '../sms.ts'

/** Where links lead. */
export type Links = {
  readonly order: (orderId: string) => string
  readonly cart: string
  readonly shop: string
  readonly verifyEmail: (token: string) => string
  readonly resetPassword: (token: string) => string
}

/** What the words need beside the facts. */
export type Wording = {
  readonly shopName: string
  readonly links: Links
  readonly money: (minor: bigint, currency: string) => string
  readonly time: (at: Date) => string
}

/** The words of one language. */
export type Catalogue = {
  readonly greeting: (name: string) => string
  readonly closing: (shopName: string) => string
  /** Why somebody gets this. */
  readonly reason: {
    readonly transactional: (shopName: string) => string
    readonly optional: (shopName: string) => string
    readonly staff: (shopName: string) => string
  }
  readonly unsubscribe: string
  readonly letters: { readonly [Each in CustomerKind]: (facts: FactsOf[Each], wording: Wording) => Letter }
  readonly sms: { readonly [Each in SmsKind]: (facts: FactsOf[Each], wording: Wording) => Sms }
  readonly staff: StaffWords
  /** In the feed, which knows the number of an order and no more. */
  readonly feed: Readonly<Partial<Record<CustomerKind, (orderNumber: string) => FeedWords>>>
}

/** What staff are told: the ids are enough to look at it. */
export type StaffWords = Readonly<Record<StaffKind, (refs: Refs) => Letter>>

export type FeedWords = { readonly title: string; readonly text: string }
