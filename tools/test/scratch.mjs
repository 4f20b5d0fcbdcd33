// Each run has a temporary folder for everything that its tests write, and one for its databases, in memory where there is
// room. The next run removes the folders of killed runs.
import { chmod, mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { removePostgres } from '../../internal/local/postgres-home.ts'
import { startTime } from '../../internal/local/system.ts'

const prefix = 'tillstream-test-'

/** Linux keeps what is written here in memory. */
const memoryDir = '/dev/shm'
/** Several times what the databases of a run have taken at once. A container has 64 MB there by default. */
const neededBytes = 4 * 2 ** 30

export async function openScratch() {
  await removeFormer(tmpdir())
  await removeFormer(memoryDir)
  const dir = await open(tmpdir())
  const databaseDir = (await hasRoom()) ? await open(memoryDir) : dir
  return {
    dir,
    databaseDir,
    isInMemory: databaseDir !== dir,
    close: async () => {
      await remove(databaseDir)
      await remove(dir)
    },
  }
}

async function open(parent) {
  const dir = await mkdtemp(path.join(parent, `${prefix}${process.pid}-`))
  await chmod(dir, 0o755) // PostgreSQL may run as another user
  return dir
}

async function removeFormer(parent) {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = name.startsWith(prefix) && Number(name.slice(prefix.length).split('-')[0])
    if (pid && !(await startTime(pid))) await remove(path.join(parent, name)).catch(() => {}) // it may belong to another user
  }
}

async function hasRoom() {
  const { bavail = 0, bsize = 0 } = await statfs(memoryDir).catch(() => ({}))
  return bavail * bsize >= neededBytes
}

async function remove(dir) {
  await removePostgres(dir)
  await rm(dir, { recursive: true, force: true })
}
