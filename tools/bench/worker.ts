import { forkProgram } from '../shared/forked.ts'
import type { FromWorker, Measured, ToWorker, Work } from './work.ts'

/** A process for one piece of work. It is warmed up and waits. */
export type Worker = {
  readonly pid: number
  readonly measure: (onProgress: (done: number, settled: number) => void) => Promise<Measured>
  readonly stop: () => Promise<void>
}

/** Starts `program`, which is a main file that calls `serveWork`. Resolves when the worker is warmed up. */
export async function startWorker(program: string, work: Work): Promise<Worker> {
  const { child, pid, ended, stop } = forkProgram(program)
  const told = new Map<FromWorker['kind'], (message: FromWorker) => void>()
  let failure = new Error('the load generator ended early')
  child.on('message', (message: FromWorker) => {
    if (message.kind === 'failed') {
      failure = new Error(`the load generator failed: ${message.reason}`)
      child.kill('SIGKILL')
    } else told.get(message.kind)?.(message)
  })
  const hear = (kind: FromWorker['kind']): Promise<FromWorker> =>
    new Promise((resolve, reject) => {
      told.set(kind, resolve)
      void ended.then(() => reject(failure))
    })
  const send = (message: ToWorker): void => void child.send(message)

  const ready = hear('ready')
  send({ work })
  await ready.catch(async (err: unknown) => {
    await stop()
    throw err
  })
  return {
    pid,
    stop,
    async measure(onProgress) {
      told.set('progress', (message) => {
        if (message.kind === 'progress') onProgress(message.done, message.settled)
      })
      const measured = hear('measured')
      send('go')
      const message = await measured
      if (message.kind !== 'measured') throw new Error('the load generator sent an unexpected message')
      return message.measured
    },
  }
}
