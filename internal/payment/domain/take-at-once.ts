import type { Account } from './account.ts'
import { withGate } from './gate.ts'
import type { NewId } from './ids.ts'
import { settle } from './settle.ts'

/** Goods are about to leave: what the order needs of the money that is authorized, now or later, is captured at once. */
export function takeAtOnce(account: Account, at: Date, newId: NewId): Account {
  const { capture, status } = account.gate
  if (capture === 'at-once' || status === 'closed') return account
  return settle(withGate(account, { capture: 'at-once' }, at), at, newId)
}
