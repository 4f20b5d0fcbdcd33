/** An order as the API shows it in the end. */
export type SettledOrder = {
  readonly id: string
  readonly status: string
  /** The units by SKU. */
  readonly lines: ReadonlyMap<string, number>
}

const holdsStock: readonly string[] = ['confirmed', 'paid', 'shipped', 'completed']

export const isHeld = ({ status }: SettledOrder): boolean => holdsStock.includes(status)
