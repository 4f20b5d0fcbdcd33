import os from 'node:os'
import { forkProgram } from '../shared/forked.ts'
import { flood, type FloodResult, type FloodWork } from './flood.ts'

/** The process's side: one flood, and its end with it. */
export function serveFlood(): void {
  // It may be on the server's cores; customers are not, and take nothing of its time there.
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL)
  process.once('message', (work: FloodWork) => {
    void flood(work).then((result) => process.send?.(result, undefined, undefined, () => process.exit()))
  })
  process.on('disconnect', () => process.exit())
}

export type RunningFlood = { readonly result: Promise<FloodResult>; readonly stop: () => Promise<void> }

/** A flood in a process of its own, so that it takes nothing of the loop it is to fill. `program` calls `serveFlood`. */
export function startFlood(program: string, work: FloodWork): RunningFlood {
  const { child, ended, stop } = forkProgram(program)
  const result = new Promise<FloodResult>((resolve, reject) => {
    child.once('message', resolve)
    void ended.then(() => reject(new Error('the load generator ended early')))
  })
  child.send(work)
  return { result, stop }
}
