/** What the payment sandbox believes of one payment. Amounts are minor units. */
export type Charge = {
  readonly ref: string
  readonly provider: string
  readonly paymentId: string | null
  readonly orderId: string | null
  readonly status: string
  readonly captured: number
  readonly refunded: number
  /** What banks have taken back for their customers. */
  readonly disputed: number
  readonly refunds: readonly {
    readonly refundId: string | null
    readonly amount: number
    readonly status: string
  }[]
}
