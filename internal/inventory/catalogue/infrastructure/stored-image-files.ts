import type { FileStore } from '../../../platform/files/file-store.ts'
import { imageFileNames, imageOfFile } from '../../../platform/image-files.ts'
import type { ImageId } from '../../domain/ids.ts'
import type { ImageFiles } from '../application/image-files.ts'

export function storedImageFiles(store: FileStore): ImageFiles {
  return {
    removeOf: (id) => store.remove(imageFileNames(id)),
    remove: (names) => store.remove(names),
    async *list() {
      for await (const { name, changedAt } of store.list()) {
        // It answers with a UUID.
        const imageId = imageOfFile(name) as ImageId | undefined
        yield { name, imageId, changedAt }
      }
    },
  }
}
