import { requireBuyer, requireSystem, seesAll, traceOf, type Call, type Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { NewId, OrderId, ReceiptId, UserId } from '../domain/ids.ts'
import type { Accounts } from './accounts.ts'
import {
  numberText,
  refuseUnsound,
  type Draft,
  type Receipt,
  type Seller,
  type Supply,
} from '../domain/receipt.ts'

/** Receipts and credit notes. They never change. */
export type Receipts = {
  /**
   * Numbers it and stores it with its event. One that its cause has already is given instead. Credit notes for refunds
   * that were quicker than the receipt are issued with it.
   */
  readonly issue: (draft: Draft, trace: Trace) => Promise<Receipt>
  readonly find: (id: ReceiptId) => Promise<Receipt | undefined>
  /** Oldest first. */
  readonly ofOrder: (orderId: OrderId) => Promise<readonly Receipt[]>
}

/** Makes a PDF. Refuses with `overloaded` when too many wait. */
export type DrawReceipt = (receipt: Receipt) => Promise<Uint8Array>

type ReadDeps = {
  readonly receipts: Pick<Receipts, 'find' | 'ofOrder'>
  readonly accounts: Pick<Accounts, 'find'>
}

type IssueDeps = {
  readonly receipts: Pick<Receipts, 'issue'>
  readonly seller: Seller
  readonly newId: NewId
}

export function issueReceipt({ receipts, seller, newId }: IssueDeps) {
  return async (supply: Supply, call: Call): Promise<Receipt> => {
    requireSystem(call)
    if (supply.cause === '') throw new Refusal('invalid', 'receipt.invalid', 'a receipt needs a cause')
    refuseUnsound(supply)
    const draft = {
      ...supply,
      kind: 'receipt',
      id: newId() as ReceiptId,
      credits: undefined,
      seller,
    } as const
    return receipts.issue(draft, traceOf(call))
  }
}

export function listReceipts({ receipts, accounts }: ReadDeps) {
  return async (orderId: OrderId, call: Call): Promise<readonly Receipt[]> => {
    requireBuyer(call)
    const found = await receipts.ofOrder(orderId)
    const owner = await ownerOf(accounts, found[0])
    return found.filter((receipt) => maySee(receipt, owner, call))
  }
}

export function getReceipt({ receipts, accounts }: ReadDeps) {
  return async (id: ReceiptId, call: Call): Promise<Receipt> => {
    requireBuyer(call)
    const receipt = await receipts.find(id)
    if (receipt && maySee(receipt, await ownerOf(accounts, receipt), call)) return receipt
    throw new Refusal('not-found', 'receipt.not-found', 'there is no such receipt')
  }
}

export function drawReceipt(deps: ReadDeps & { readonly draw: DrawReceipt }) {
  const get = getReceipt(deps)
  return async (
    id: ReceiptId,
    call: Call,
  ): Promise<{ readonly pdf: Uint8Array; readonly number: string }> => {
    const receipt = await get(id, call)
    return { pdf: await deps.draw(receipt), number: numberText(receipt) }
  }
}

/** A receipt never changes; whose it is does when an account takes over what was bought as a guest. */
async function ownerOf(
  accounts: ReadDeps['accounts'],
  receipt: Receipt | undefined,
): Promise<UserId | undefined> {
  if (!receipt || receipt.userId !== undefined) return receipt?.userId
  return (await accounts.find(receipt.orderId))?.gate.userId
}

function maySee({ orderId }: Receipt, owner: UserId | undefined, call: Call): boolean {
  if (seesAll(call, 'payments:read')) return true
  if (call.actor?.kind === 'buyer') return call.actor.orderId === orderId
  return call.actor?.kind === 'user' && call.actor.userId === owner
}
