import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { promisify } from 'node:util'

export type ProcessInfo = {
  readonly parent: number
  /** The CPU time of the process and of its children that have ended. */
  readonly cpuMs: number
  readonly memoryBytes: number
}

export type ProcessTable = ReadonlyMap<number, ProcessInfo>

/** Linux counts CPU time in these ticks, as `getconf CLK_TCK` tells. */
const ticksPerSecond = 100
const pageBytes = 4_096

export async function readProcesses(): Promise<ProcessTable> {
  return process.platform === 'linux' ? readProc() : readPs()
}

/** The process and all of its descendants. */
export function withDescendants(table: ProcessTable, root: number): readonly number[] {
  const found = [root]
  for (const pid of found) for (const [child, { parent }] of table) if (parent === pid) found.push(child)
  return found
}

async function readProc(): Promise<ProcessTable> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(names.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return new Map(
    stats.flatMap((stat) => {
      // The program's name is in parentheses and may contain anything. The parent is the 4th field, and the times
      // begin at the 14th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const at = (field: number): number => Number(fields[field - 3])
      if (stat === '') return []
      const cpuMs = ((at(14) + at(15) + at(16) + at(17)) * 1_000) / ticksPerSecond
      return [[Number.parseInt(stat, 10), { parent: at(4), cpuMs, memoryBytes: at(24) * pageBytes }] as const]
    }),
  )
}

async function readPs(): Promise<ProcessTable> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,rss=,time='])
  return new Map(
    stdout.split('\n').flatMap((line) => {
      const [pid, parent, kilobytes, time] = line.trim().split(/\s+/)
      if (time === undefined) return []
      const info = { parent: Number(parent), cpuMs: msOf(time), memoryBytes: Number(kilobytes) * 1_024 }
      return [[Number(pid), info] as const]
    }),
  )
}

/** Reads [[days-]hours:]minutes:seconds.hundredths. */
function msOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse()
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return (Number(days) * 86_400 + seconds) * 1_000
}

/** PostgreSQL's processes share their buffers. On Linux these are counted only once, and elsewhere for each process. */
export async function sharedMemory(table: ProcessTable, pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
      const kilobytes = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]
      return kilobytes === undefined ? (table.get(pid)?.memoryBytes ?? 0) : Number(kilobytes) * 1_024
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
