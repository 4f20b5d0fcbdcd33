/** `card`, `ideal`, `paypal`: the name that shops and customers use, the same whichever provider carries it out. */
export type MethodId = string

/** What a provider declares of a method, so that the rules of money need no list of providers. */
export type Method = {
  readonly id: MethodId
  readonly name: string
  readonly kind: 'card' | 'redirect' | 'wallet'
  readonly takesToken: boolean
  /** The customer may be sent to a page of the provider, so a create needs an address to come back to. */
  readonly needsReturnUrl: boolean
  /** False: an attempt that waits for the customer can't be called back, and may still bring money until it ends. */
  readonly isCancelable: boolean
  /** An attempt that waits for the customer ends by itself so long after it was created; undefined: never. */
  readonly endsAfterMs: number | undefined
  /** How long a bank may take to say the end of an attempt that is processing; undefined: it never is. */
  readonly processesForMs: number | undefined
  /** `never`: the money is taken at once, and nothing can be authorized first. */
  readonly captures: 'never' | 'once' | 'many'
  /** How long an authorization lasts at least; undefined where `captures` is `never`. */
  readonly authorizationLastsMs: number | undefined
  /** Undefined for a currency in which the method is not offered. */
  readonly limitsOf: (currency: string) => MethodLimits | undefined
}

/** In our minor units of the currency. An amount outside of these can't be paid by the method, nor refunded by it. */
export type MethodLimits = {
  /** Less is refused for a payment. A refund may be less. */
  readonly minimumMinor: bigint
  readonly maximumMinor: bigint
  /**
   * Amounts must be a multiple of it. It is more than 1 where the provider's minor unit is coarser than ours: three
   * decimals of which the last must be 0, or whole ariary.
   */
  readonly stepMinor: bigint
}

/** Says whether a payment of this amount can be offered. */
export function isPayable(method: Method, minor: bigint, currency: string): boolean {
  const limits = method.limitsOf(currency)
  if (limits === undefined) return false
  return minor >= limits.minimumMinor && minor <= limits.maximumMinor && minor % limits.stepMinor === 0n
}
