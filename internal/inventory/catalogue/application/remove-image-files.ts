import type { ImageFile, ImageFiles } from './image-files.ts'
import type { ProductImages } from './product-images.ts'

type Deps = { readonly images: ProductImages; readonly files: ImageFiles; readonly now: () => Date }

/** An upload writes its files within seconds, and within a minute when the store is slow. */
const reservedForMs = 15 * 60_000

/**
 * A file of which nobody knows is left alone for so long. It is longer than a reservation lasts, so that a file of an upload
 * that is under way always has its row.
 */
const graceMs = 60 * 60_000

const lookedUpAtOnce = 500

/** Deletes the files of removed images, and of uploads that nobody has ended. Answers with how many images it has removed. */
export function removeImageFiles({ images, files, now }: Deps) {
  return async (): Promise<number> => {
    await images.expire(new Date(now().getTime() - reservedForMs))
    const removed = await images.findRemoved()
    const results = await Promise.allSettled(
      removed.map(async (id) => {
        await files.removeOf(id)
        await images.forget([id])
      }),
    )
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
    return removed.length
  }
}

/**
 * Deletes files that belong to no image: what a process has written that died or came back after its reservation was over.
 * Answers with how many it has deleted.
 */
export function removeUnknownFiles({ images, files, now }: Deps) {
  return async (): Promise<number> => {
    let removed = 0
    let old: ImageFile[] = []
    const look = async (): Promise<void> => {
      const unknown = await unknownOf(images, old)
      old = []
      await files.remove(unknown)
      removed += unknown.length
    }
    for await (const file of files.list()) {
      if (now().getTime() - file.changedAt.getTime() < graceMs) continue
      old.push(file)
      if (old.length >= lookedUpAtOnce) await look()
    }
    if (old.length > 0) await look()
    return removed
  }
}

async function unknownOf(images: ProductImages, files: readonly ImageFile[]): Promise<readonly string[]> {
  const known = await images.known([...new Set(files.flatMap(({ imageId }) => imageId ?? []))])
  return files.filter(({ imageId }) => imageId === undefined || !known.has(imageId)).map(({ name }) => name)
}
