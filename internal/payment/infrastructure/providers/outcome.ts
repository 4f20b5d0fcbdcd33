import type { DeclineCode, Declined, Unknown } from '../../application/provider.ts'
import type { PaymentSnapshot } from '../../domain/payment-snapshot.ts'

/** The words of the providers for what the customer can be told. All others are a plain no. */
const codes: Readonly<Record<string, DeclineCode>> = {
  insufficient_funds: 'insufficient-funds',
  expired_card: 'expired-card',
  card_expired: 'expired-card',
  incorrect_cvc: 'incorrect-cvc',
  invalid_cvc: 'incorrect-cvc',
  invalid_cvv: 'incorrect-cvc',
  incorrect_number: 'incorrect-number',
  invalid_number: 'incorrect-number',
  invalid_card_number: 'incorrect-number',
  authentication_required: 'authentication-failed',
  authentication_failed: 'authentication-failed',
  payment_intent_authentication_failure: 'authentication-failed',
  processing_error: 'processing-error',
}

export function declineCodeOf(word: string): DeclineCode {
  return codes[word] ?? 'declined'
}

export function declined(
  code: DeclineCode,
  providerCode: string,
  message: string,
  payment?: PaymentSnapshot,
): Declined {
  return { kind: 'declined', code, providerCode, message, payment }
}

export function unknown(reason: string, thisCall: Unknown['thisCall']): Unknown {
  return { kind: 'unknown', reason, thisCall }
}

/** These system errors come before anything was sent. */
const beforeSending = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/** What is known after a connection has failed, by the code of the system or of undici. */
export function afterConnectionError(code: string): Unknown {
  return unknown(code || 'connection failed', beforeSending.includes(code) ? 'did-nothing' : 'may-have-done')
}

/** An answer that cannot be read: an amount that our units cannot express, or something that is no answer at all. */
export class UnreadableAnswer extends Error {}

/**
 * The SDK of Stripe takes any JSON without `error` for a success, whatever its status: that of a proxy, too. So what it
 * gives is asked for its kind.
 */
export function ofKind<Answer extends { readonly object: string }>(kind: string, answer: Answer): Answer {
  if (answer.object !== kind) throw new UnreadableAnswer(`an answer that is no ${kind}`)
  return answer
}

/** Answers for a call whose answer could not be read. All other errors are bugs and are thrown again. */
export function ifUnreadable(err: unknown): Unknown {
  if (err instanceof UnreadableAnswer) return unknown(err.message, 'may-have-done')
  throw err
}

/** Turns an amount between units with another number of decimals. Throws where a part of a unit would be lost. */
export function rescale(amount: bigint, decimals: number, wanted: number): bigint {
  if (wanted >= decimals) return amount * 10n ** BigInt(wanted - decimals)
  const factor = 10n ** BigInt(decimals - wanted)
  if (amount % factor !== 0n) throw new UnreadableAnswer(`${amount} has more than ${wanted} decimals`)
  return amount / factor
}

/** The smallest step in our units that the provider can write: 1, or more where its units are coarser. */
export function stepBetween(ours: number, theirs: number): bigint {
  return theirs >= ours ? 1n : 10n ** BigInt(ours - theirs)
}
