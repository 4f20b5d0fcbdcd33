import { Refusal } from '../../platform/refusal.ts'
import { isAtMost, isStorable, textLengths, tidy } from '../../platform/text.ts'

/** Why somebody changes an order; empty when there is nothing to say. */
export function parseReason(text: string): string {
  const reason = tidy(text)
  if (isStorable(reason) && isAtMost(reason, textLengths.reason)) return reason
  throw new Refusal(
    'invalid',
    'order.invalid-reason',
    `reason must be text of at most ${textLengths.reason} characters`,
  )
}
