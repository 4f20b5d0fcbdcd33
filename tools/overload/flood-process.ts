import os from 'node:os'
import { forkProgram } from '../shared/forked.ts'
import { flood, type FloodResult, type FloodWork } from './flood.ts'

/** The side of the child process. It makes one flood and ends with it. */
export function serveFlood(): void {
  // The generator may share cores with the server. Real customers do not, so it has a low priority.
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL)
  process.once('message', (work: FloodWork) => {
    void flood(work).then((result) => process.send?.(result, undefined, undefined, () => process.exit()))
  })
  process.on('disconnect', () => process.exit())
}

export type RunningFlood = { readonly result: Promise<FloodResult>; readonly stop: () => Promise<void> }

/**
 * Starts a flood in a process of its own, so that it does not use the event loop of this one. `program` calls
 * `serveFlood`.
 */
export function startFlood(program: string, work: FloodWork): RunningFlood {
  const { child, ended, stop } = forkProgram(program)
  const result = new Promise<FloodResult>((resolve, reject) => {
    child.once('message', resolve)
    void ended.then(() => reject(new Error('the load generator ended early')))
  })
  child.send(work)
  return { result, stop }
}
