import { readProcesses, sharedMemory, withDescendants, type ProcessTable } from '../shared/process-table.ts'

/**
 * The groups of processes: ours, the servers (PostgreSQL with all of its children), the payment sandbox, and the load
 * generator.
 */
export type Groups = {
  readonly node: readonly number[]
  readonly postgres: number | undefined
  readonly nats: number | undefined
  readonly sandbox: number | undefined
  readonly load: number
}

export const groupNames = ['node', 'postgres', 'nats', 'sandbox', 'load'] as const

export type PerGroup = Readonly<Record<(typeof groupNames)[number], number>>

/** The CPU time since the start of each process. */
export async function cpuMs(groups: Groups): Promise<PerGroup> {
  const table = await readProcesses()
  return sums(groups, table, (pid) => table.get(pid)?.cpuMs ?? 0)
}

/** The resident memory. */
export async function memoryMb(groups: Groups): Promise<PerGroup> {
  const table = await readProcesses()
  const bytes = sums(groups, table, (pid) => table.get(pid)?.memoryBytes ?? 0)
  const postgres = await sharedMemory(table, pidsOf(groups, table).postgres)
  return each((group) => (group === 'postgres' ? postgres : bytes[group]) / 1_048_576)
}

export const each = (value: (group: keyof PerGroup) => number): PerGroup => ({
  node: value('node'),
  postgres: value('postgres'),
  nats: value('nats'),
  sandbox: value('sandbox'),
  load: value('load'),
})

function sums(groups: Groups, table: ProcessTable, of: (pid: number) => number): PerGroup {
  const pids = pidsOf(groups, table)
  return each((group) => pids[group].reduce((sum, pid) => sum + of(pid), 0))
}

function pidsOf({ node, postgres, nats, sandbox, load }: Groups, table: ProcessTable) {
  return {
    node,
    postgres: postgres === undefined ? [] : withDescendants(table, postgres),
    nats: nats === undefined ? [] : [nats],
    sandbox: sandbox === undefined ? [] : [sandbox],
    load: [load],
  }
}
