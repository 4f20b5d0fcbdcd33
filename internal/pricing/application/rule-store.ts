import type { Once, Trace } from '../../platform/call.ts'
import type { HoldReference, RedemptionDecision, RedemptionRequest } from '../domain/redemption.ts'
import type { Promotion, PromotionId, Rules } from '../domain/rules.ts'

/** One kind of rule that admins keep. Deleted rules are not found; `update` and a repeated request refuse them. */
export type RuleStore<Id, Rule> = {
  /** What the same request has made. Refuses a key that was used with another request. */
  readonly findByRequest: (once: Once) => Promise<Rule | undefined>
  /** Refuses what another rule has that must be unique. */
  readonly add: (rule: Rule, trace: Trace, once?: Once) => Promise<Rule>
  /** `decide` sees the locked rule and is synchronous. */
  readonly update: (id: Id, decide: (rule: Rule) => Rule, trace: Trace) => Promise<Rule>
  readonly find: (id: Id) => Promise<Rule | undefined>
  /** Newest first. */
  readonly list: (limit: number, after: Id | undefined) => Promise<readonly Rule[]>
}

/** What quotes follow, but for promotions with codes, of which there may be many. */
export type CommonRules = Pick<Rules, 'shippingMethods' | 'taxRates'> & {
  readonly automaticPromotions: readonly Promotion[]
}

export type QuoteRules = {
  readonly readCommon: () => Promise<CommonRules>
  /** By their keys (`keyOf`). */
  readonly findByCodes: (codes: readonly string[]) => Promise<readonly Promotion[]>
  readonly countUses: (
    promotionIds: readonly PromotionId[],
    customerKey: string,
  ) => Promise<ReadonlyMap<PromotionId, number>>
}

/** Each call is one transaction, which answers in the order of what it was given. */
export type Redemptions = {
  readonly reserve: (
    requests: readonly RedemptionRequest[],
    at: Date,
  ) => Promise<readonly RedemptionDecision[]>
  readonly release: (
    holds: readonly HoldReference[],
    at: Date,
  ) => Promise<readonly ('released' | 'confirmed')[]>
  readonly confirm: (
    holds: readonly HoldReference[],
    at: Date,
  ) => Promise<readonly ('confirmed' | 'released' | 'unknown')[]>
}
