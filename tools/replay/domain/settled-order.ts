/** What the API shows of an order's money. Amounts are decimals of the currency. */
export type ShownMoney = {
  readonly paymentStatus: string
  readonly shipping: number
  readonly discount: number
  readonly tax: number
  readonly taxIncluded?: boolean
  readonly total: number
  readonly items: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: number }[]
  /** Of an order that was bought through a cart, as the next one. */
  readonly email?: string
  readonly deliveryAddress?: { readonly line2?: string }
}

/** An order as the API shows it in the end. */
export type SettledOrder = {
  readonly id: string
  readonly status: string
  /** The units by SKU. */
  readonly lines: ReadonlyMap<string, number>
  readonly shown: ShownMoney
}

const holdsStock: readonly string[] = ['confirmed', 'paid', 'shipped', 'completed']

export const isHeld = ({ status }: Pick<SettledOrder, 'status'>): boolean => holdsStock.includes(status)
