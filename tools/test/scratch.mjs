// Each run has one temporary folder for everything that its tests write. The next run removes the folders of killed
// runs.
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { removePostgres } from '../../internal/local/postgres-home.ts'
import { startTime } from '../../internal/local/system.ts'

const prefix = 'tillstream-test-'

export async function openScratch() {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) && Number(name.slice(prefix.length).split('-')[0])
    if (pid && !(await startTime(pid))) await remove(path.join(tmpdir(), name)).catch(() => {}) // it may belong to another user
  }
  const dir = await mkdtemp(path.join(tmpdir(), `${prefix}${process.pid}-`))
  await chmod(dir, 0o755) // PostgreSQL may run as another user
  return { dir, close: () => remove(dir) }
}

async function remove(dir) {
  await removePostgres(dir)
  await rm(dir, { recursive: true, force: true })
}
