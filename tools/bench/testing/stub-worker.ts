import type { FromWorker, Measured, ToWorker } from '../work.ts'

// This worker sends its result before it was told to begin.

const latency = { count: 10, p50Ms: 1, p90Ms: 2, p99Ms: 3, maxMs: 4 }
const measured: Measured = { seconds: 1, done: 10, latency, errors: {} }

process.on('message', (message: ToWorker) => {
  const answer: FromWorker = message === 'go' ? { kind: 'measured', measured } : { kind: 'ready' }
  process.send?.(answer)
})
process.on('disconnect', () => process.exit())
