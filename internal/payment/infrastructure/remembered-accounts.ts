import { LRUCache } from 'lru-cache'
import { withOperation } from '../domain/account.ts'
import type { OrderId, PaymentId } from '../domain/ids.ts'
import type { Operation } from '../domain/operation.ts'
import type { StoredAccount } from './account-rows.ts'

/**
 * Keeps what this process has stored of orders' money lately: a payment is begun, asked for and told of within a moment,
 * nearly always by one process. Another one may have changed it since. So it is good for a change, whose write checks the
 * revision, and for what never changes.
 */
export type RememberedAccounts = {
  readonly remember: (stored: StoredAccount) => void
  readonly look: (orderId: OrderId) => StoredAccount | undefined
  /** A provider is being asked for this operation, which raises its tries and not the revision. */
  readonly asked: (orderId: OrderId, operation: Operation) => void
  readonly forget: (orderId: OrderId) => void
  /** Whose payment that is. A payment keeps its provider's id for ever. */
  readonly ofRef: (provider: string, ref: string) => Owner | undefined
}

export type Owner = { readonly orderId: OrderId; readonly paymentId: PaymentId }

/** Some seconds of checkouts at the best rate measured; one takes some kilobytes. */
const limit = 1_000

export function rememberAccounts(): RememberedAccounts {
  const accounts = new LRUCache<OrderId, StoredAccount>({ max: limit })
  const owners = new LRUCache<string, Owner>({ max: limit })
  return {
    remember(stored) {
      const { gate, payments } = stored.account
      accounts.set(gate.orderId, stored)
      for (const { id: paymentId, provider, ref } of payments)
        if (ref !== undefined) owners.set(refName(provider, ref), { orderId: gate.orderId, paymentId })
    },
    look: (orderId) => accounts.get(orderId),
    asked(orderId, operation) {
      const stored = accounts.get(orderId)
      if (!stored) return
      const { account, revision } = stored
      accounts.set(orderId, { account: withOperation(account, operation), revision })
    },
    forget: (orderId) => void accounts.delete(orderId),
    ofRef: (provider, ref) => owners.get(refName(provider, ref)),
  }
}

/** A provider's id is its own: two of them may give the same. */
export const refName = (provider: string, ref: string): string => `${provider} ${ref}`
