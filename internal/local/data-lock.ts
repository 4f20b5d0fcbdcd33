import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SetupError } from './setup-error.ts'
import { errorCode, startTime } from './system.ts'

/** Makes sure that only one stack uses a data directory. The lock of a process that has ended is ignored. */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  await createDataDir(dataDir)
  const file = lockFile(dataDir)
  const mine = `${process.pid} ${(await startTime(process.pid)) ?? ''}`
  const draft = `${file}.${process.pid}`
  await writeFile(draft, mine)
  try {
    await take(file, draft, dataDir)
  } finally {
    await rm(draft, { force: true })
  }
  return () => rm(file, { force: true })
}

/** The id of the process that uses this data directory, if there is one. */
export async function lockHolder(dataDir: string): Promise<number | undefined> {
  return holderIn(await readFile(lockFile(dataDir), 'utf8').catch(() => ''))
}

export async function createDataDir(dataDir: string): Promise<void> {
  const probe = path.join(dataDir, `.probe-${process.pid}`)
  try {
    await makeDir(path.resolve(dataDir))
    await writeFile(probe, '')
    await rm(probe)
  } catch (err) {
    throw new SetupError(`DATA_DIR ${dataDir} cannot be written to (${errorCode(err)})`, err)
  }
}

/**
 * Creates one level after the other. Node's recursive mkdir never returns when a level cannot be created, as in /proc.
 */
async function makeDir(dir: string): Promise<void> {
  try {
    await mkdir(dir)
  } catch (err) {
    if (errorCode(err) === 'EEXIST') return
    if (errorCode(err) !== 'ENOENT' || path.dirname(dir) === dir) throw err
    await makeDir(path.dirname(dir))
    await mkdir(dir)
  }
}

function lockFile(dataDir: string): string {
  return path.join(dataDir, 'stack.lock')
}

/** Uses `link`, which fails when the name exists, and which never shows a file that is only half written. */
async function take(file: string, draft: string, dataDir: string): Promise<void> {
  for (;;) {
    const taken = await link(draft, file).then(
      () => true,
      (err: unknown) => {
        if (errorCode(err) !== 'EEXIST') throw err
        return false
      },
    )
    if (taken) return
    const holder = await lockHolder(dataDir)
    if (holder !== undefined) {
      throw new SetupError(
        `another stack (process ${holder}) runs on DATA_DIR ${dataDir}; stop it, or give this one its own DATA_DIR and PORT`,
      )
    }
    await removeStale(file)
  }
}

/**
 * The lock is moved aside before it is removed. When two processes find the same stale lock, the other one may have
 * put its own there meanwhile; that one is put back.
 */
async function removeStale(file: string): Promise<void> {
  const aside = `${file}.stale-${process.pid}`
  await rename(file, aside).catch(() => {})
  const holder = await holderIn(await readFile(aside, 'utf8').catch(() => ''))
  if (holder !== undefined) await link(aside, file).catch(() => {})
  await rm(aside, { force: true })
}

async function holderIn(text: string): Promise<number | undefined> {
  const [pid, start] = [Number(text.split(' ')[0]), text.slice(text.indexOf(' ') + 1)]
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return (await startTime(pid)) === start ? pid : undefined
}
