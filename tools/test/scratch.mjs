// One temporary folder per run for all that its tests write; those of runs that were killed are removed by the next.
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { removePostgres } from '../../internal/local/postgres-home.ts'
import { startTime } from '../../internal/local/system.ts'

const prefix = 'tillstream-test-'

export async function openScratch() {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) && Number(name.slice(prefix.length).split('-')[0])
    if (pid && !(await startTime(pid))) await remove(path.join(tmpdir(), name)).catch(() => {}) // or another user's
  }
  const dir = await mkdtemp(path.join(tmpdir(), `${prefix}${process.pid}-`))
  await chmod(dir, 0o755) // PostgreSQL may run as another user
  return { dir, close: () => remove(dir) }
}

async function remove(dir) {
  await removePostgres(dir)
  await rm(dir, { recursive: true, force: true })
}
