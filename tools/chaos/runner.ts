import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Runner } from './runner-port.ts'

export type Running = { readonly pid: number; readonly ended: Promise<unknown> }

/** Starts the process and resolves when it is ready. */
export type Launch = () => Promise<Running>

const againAfterMs = 500
/** This includes PostgreSQL's recovery and a service's wait for it. */
const readyWithinMs = 120_000
const goneWithinMs = 15_000

/** Keeps a process running unless it is told to end. */
export function openRunner(name: string, logFile: string, launch: Launch): Runner {
  let running: Running | undefined
  let starting: Promise<void> | undefined
  let isWanted = false
  let unplannedEnds = 0

  async function bringUp(): Promise<void> {
    const deadline = performance.now() + readyWithinMs
    while (isWanted && !running) {
      try {
        adopt(await launch())
      } catch (err) {
        if (performance.now() > deadline) throw err
        await sleep(againAfterMs)
      }
    }
  }

  function adopt(fresh: Running): void {
    running = fresh
    void fresh.ended.then(() => {
      if (running !== fresh) return
      running = undefined
      if (!isWanted) return
      unplannedEnds++
      setTimeout(() => void start().catch(() => undefined), againAfterMs) // a fault that needs the process reports it
    })
  }

  function start(): Promise<void> {
    isWanted = true
    starting ??= bringUp().finally(() => (starting = undefined))
    return starting
  }

  return {
    name,
    pid: () => running?.pid,
    start,
    async end(signal) {
      isWanted = false
      await starting?.catch(() => undefined)
      const victim = running
      if (!victim) return
      process.kill(victim.pid, signal)
      const insist = setTimeout(() => process.kill(victim.pid, 'SIGKILL'), goneWithinMs)
      await victim.ended
      clearTimeout(insist)
      running = undefined
    },
    log: () => readFile(logFile, 'utf8').catch(() => ''),
    unplannedEnds: () => unplannedEnds,
  }
}
