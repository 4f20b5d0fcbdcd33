import { Refusal } from './refusal.ts'

/** A token is what a provider's form makes. A number of 12 to 19 digits is a card's, which nobody here may see or store. */
export function refuseCardNumber(token: string): void {
  if (/^[\d -]{12,}$/.test(token))
    throw new Refusal('invalid', 'payment.card-number', 'send a token of the provider, never a card number')
}
