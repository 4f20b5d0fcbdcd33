import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { requireFileName, type FileStore, type ListedFile, type StoredFile } from './file-store.ts'

/**
 * Files in a folder of this machine. They are spread over 256 folders, and one that is being written has a name of its own
 * until it is complete.
 */
export function diskFiles(dir: string): FileStore {
  const pathOf = (name: string): string => path.join(dir, folderOf(requireFileName(name)), name)
  return {
    async put(name, bytes) {
      const target = pathOf(name)
      await mkdir(path.dirname(target), { recursive: true })
      const part = path.join(path.dirname(target), `${name}.${randomUUID()}${partSuffix}`)
      try {
        await writeThrough(part, bytes)
        await rename(part, target)
      } catch (err) {
        await rm(part, { force: true })
        throw err
      }
      await syncFolder(path.dirname(target))
    },
    async find(name) {
      const file = pathOf(name)
      const found = await unlessMissing(stat(file))
      return found?.isFile() ? storedFile(file, found.size) : undefined
    },
    async remove(names) {
      for (const name of names) await rm(pathOf(name), { force: true })
    },
    list: () => listFiles(dir),
  }
}

const partSuffix = '.part'

/** By a digest, and for an unfinished file by that of its final name: they lie in the same folder. */
function folderOf(name: string): string {
  const final = name.endsWith(partSuffix) ? name.slice(0, -partSuffix.length - uuidLength - 1) : name
  return createHash('sha256').update(final).digest('hex').slice(0, 2)
}

const uuidLength = 36

function storedFile(file: string, bytes: number): StoredFile {
  return {
    bytes,
    async read(range) {
      const handle = await unlessMissing(open(file, 'r'))
      return handle?.createReadStream(range ? { start: range.first, end: range.last } : {})
    },
  }
}

/** The bytes are on the disk when it resolves, so that a row in the database may tell of them. */
async function writeThrough(file: string, bytes: Uint8Array): Promise<void> {
  await using(open(file, 'wx'), async (handle) => {
    await handle.writeFile(bytes)
    await handle.sync()
  })
}

/** The new name is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  await using(open(folder, 'r'), (handle) => handle.sync())
}

async function using(
  opening: Promise<FileHandle>,
  work: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await opening
  try {
    await work(handle)
  } finally {
    await handle.close()
  }
}

async function* listFiles(dir: string): AsyncGenerator<ListedFile> {
  for (const folder of (await unlessMissing(readdir(dir))) ?? []) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue
    for (const name of (await unlessMissing(readdir(path.join(dir, folder)))) ?? []) {
      const found = await unlessMissing(stat(path.join(dir, folder, name)))
      if (found?.isFile()) yield { name, changedAt: found.mtime }
    }
  }
}

async function unlessMissing<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw err
  }
}
