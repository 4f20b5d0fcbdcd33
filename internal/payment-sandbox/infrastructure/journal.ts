import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { groupCommit } from '../../platform/group-commit.ts'
import type { Scope } from '../../platform/run.ts'
import { newWorld } from '../domain/sandbox.ts'
import { apply, putsOf, type Put, type World } from '../domain/world.ts'

/** A file to which what has changed is appended, one line for each request. */
export type Journal = {
  readonly world: World
  /** Resolves when the puts, and all before them, are on the disk. */
  readonly append: (puts: readonly Put[]) => Promise<unknown>
}

const fileName = 'journal.jsonl'

/**
 * Reads the world and writes it anew without its history. A line that was cut by a crash was never answered, so it is
 * dropped; a damaged line before the last stops the start.
 */
export async function openJournal(scope: Scope, dir: string, seed: string): Promise<Journal> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const world = await readWorld(path.join(dir, fileName))
  if (world.seed === '') apply(world, { table: 'seed', value: seed })
  const file = await rewrite(dir, world)
  scope.onClose('journal', () => file.close())
  const append = groupCommit(
    async (batch: readonly (readonly Put[])[]): Promise<undefined[]> => {
      await file.appendFile(batch.map(lineOf).join(''))
      await file.datasync()
      return batch.map(() => undefined)
    },
    { maxBatch: 500, inFlight: 1, maxWaiting: Infinity, isOutage: () => true },
  )
  return { world, append }
}

/** An empty line waits for the lines before it, and is not written. */
const lineOf = (puts: readonly Put[]): string => (puts.length === 0 ? '' : `${JSON.stringify(puts)}\n`)

async function readWorld(file: string): Promise<World> {
  const world = newWorld()
  const lines = (await readFile(file, 'utf8').catch(emptyIfAbsent)).split('\n')
  // Every line that was written to its end has a line break, so what is behind the last one was cut.
  for (const [index, line] of lines.slice(0, -1).entries()) {
    try {
      for (const put of JSON.parse(line) as readonly Put[]) apply(world, put) // written by `lineOf`
    } catch (err) {
      throw new Error(`line ${index + 1} of ${file} is damaged; move the file away to begin anew`, {
        cause: err,
      })
    }
  }
  return world
}

async function rewrite(dir: string, world: World): Promise<FileHandle> {
  const fresh = path.join(dir, `${fileName}.new`)
  const file = await open(fresh, 'w', 0o600)
  // In parts, because one text of a long history would be larger than a string may be.
  for (const put of putsOf(world, Date.now())) await file.appendFile(lineOf([put]))
  await file.datasync()
  await rename(fresh, path.join(dir, fileName))
  const folder = await open(dir, 'r')
  await folder.sync()
  await folder.close()
  return file
}

function emptyIfAbsent(err: unknown): string {
  if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return ''
  throw err
}
