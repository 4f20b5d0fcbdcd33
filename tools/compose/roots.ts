import type { Containers } from './containers.ts'

const readStatus = ['sh', '-c', 'cat /proc/[0-9]*/status']

/** Processes of the containers that run as root, by container and name. */
export async function findRoots(containers: Containers): Promise<readonly string[]> {
  const found: string[] = []
  for (const container of await containers.all()) {
    const { isRunning } = await containers.stateOf(container)
    if (!isRunning) continue
    const { output } = await containers.run(container, readStatus)
    const processes = readProcesses(output)
    if (processes.length === 0) found.push(`${container.name}: its processes cannot be seen`)
    for (const { name, isRoot } of processes) if (isRoot) found.push(`${container.name}: ${name}`)
  }
  return found
}

type Process = { readonly name: string; readonly isRoot: boolean }

/** Those that the container's own first process has started, and itself; not the command that looks. */
export function readProcesses(text: string): readonly Process[] {
  const parents = new Map<string, string>()
  const processes = text.split(/^(?=Name:)/m).flatMap((part) => {
    const fieldOf = (name: string): string =>
      new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(part)?.[1]?.trim() ?? ''
    const [pid, uids] = [fieldOf('Pid'), fieldOf('Uid').split(/\s+/)]
    if (pid === '') return []
    parents.set(pid, fieldOf('PPid'))
    // Real, effective, saved and of the file system: with any of them it could become root again.
    return [{ pid, name: fieldOf('Name'), isRoot: uids.includes('0') }]
  })
  const isOwn = (pid: string | undefined): boolean =>
    pid !== undefined && (pid === '1' || isOwn(parents.get(pid)))
  return processes.filter(({ pid }) => isOwn(pid)).map(({ name, isRoot }) => ({ name, isRoot }))
}
