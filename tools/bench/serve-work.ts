import { baselineLoad } from './baseline-load.ts'
import { cartLoad } from './cart-load.ts'
import { checkoutLoad } from './checkout-load.ts'
import type { Load } from './load.ts'
import { mixedLoad } from './mixed-load.ts'
import { ordersLoad } from './orders-load.ts'
import { readsLoad } from './reads-load.ts'
import type { FromWorker, ToWorker, Work } from './work.ts'

const progressEveryMs = 500

/** The worker's side. It does one piece of work for the parent process, which also ends the worker. */
export function serveWork(): void {
  let begin: (() => void) | undefined
  const begun = new Promise<void>((resolve) => (begin = resolve))
  process.on('message', (message: ToWorker) => {
    if (message === 'go') begin?.()
    else
      void measure(message.work, begun).catch((err: unknown) =>
        tell({ kind: 'failed', reason: reasonOf(err) }),
      )
  })
  // Without its parent the worker has nothing to do.
  process.on('disconnect', () => process.exit())
}

async function measure(work: Work, begun: Promise<void>): Promise<void> {
  const load = await openLoad(work)
  if (work.warmupSeconds > 0) await load.run(work.warmupSeconds)
  await load.drain()
  load.reset()
  tell({ kind: 'ready' })
  await begun
  const timer = setInterval(() => tell({ kind: 'progress', ...load.progress() }), progressEveryMs)
  await load.run(work.seconds)
  await load.drain()
  clearInterval(timer)
  tell({ kind: 'measured', measured: load.measured() })
  await load.close()
}

function openLoad(work: Work): Promise<Load> {
  switch (work.kind) {
    case 'orders':
      return ordersLoad(work)
    case 'reads':
      return readsLoad(work)
    case 'mixed':
      return mixedLoad(work)
    case 'cart':
      return cartLoad(work)
    case 'checkout':
      return checkoutLoad(work)
    case 'baseline':
      return baselineLoad(work)
  }
}

function tell(message: FromWorker): void {
  process.send?.(message)
}

const reasonOf = (err: unknown): string => (err instanceof Error ? (err.stack ?? err.message) : String(err))
