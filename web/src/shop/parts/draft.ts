/** What was typed at the checkout, kept in the tab until it is ordered: a reload or the way to the bank loses nothing. */
export type Draft = Readonly<Record<string, string>>

const key = 'tillstream.checkout'

export function draft(): Draft {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Draft // only keepDraft writes it
  } catch {
    return {}
  }
}

export function keepDraft(changes: Draft): void {
  try {
    sessionStorage.setItem(key, JSON.stringify({ ...draft(), ...changes }))
  } catch {
    // It stays in the fields of the page.
  }
}

export function forgetDraft(): void {
  sessionStorage.removeItem(key)
}

const payingKey = 'tillstream.paying'

/** The order whose customer is at the bank, to come back to it. */
export const keepPaying = (orderId: string): void => sessionStorage.setItem(payingKey, orderId)
export const payingOrder = (): string | null => sessionStorage.getItem(payingKey)
