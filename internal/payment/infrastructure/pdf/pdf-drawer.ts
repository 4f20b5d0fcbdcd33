import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import { Refusal } from '../../../platform/refusal.ts'
import type { Scope } from '../../../platform/run.ts'
import type { DrawReceipt } from '../../application/receipts.ts'
import { receiptSheet, type Sheet } from './receipt-sheet.ts'

/** A document takes some 10 ms, with letters beyond Latin-1 some 100: the last one waits for seconds at most. */
const maxWaiting = 64

/** Below the event loop's, so that documents do not slow down payments. */
const niceIncrement = 10

/** A thread keeps the fonts in memory, so it goes when nobody has asked for a while. */
const idleTimeoutMs = 60_000

/** Draws in threads, which start with the first document. */
export function pdfDrawer(scope: Scope): DrawReceipt {
  const pool = new Piscina<Sheet, Uint8Array>({
    filename: new URL('./draw-sheet.mjs', import.meta.url).href,
    name: 'drawSheet',
    minThreads: 0,
    maxThreads: Math.max(1, availableParallelism() - 1),
    maxQueue: maxWaiting,
    idleTimeout: idleTimeoutMs,
    niceIncrement,
    recordTiming: false,
    execArgv: [],
  })
  scope.onClose('pdf threads', () => pool.destroy())
  return async (receipt) => {
    if (pool.queueSize >= maxWaiting)
      throw new Refusal(
        'unavailable',
        'overloaded',
        'too many documents are being drawn; try again in a moment',
      )
    return pool.run(receiptSheet(receipt))
  }
}
