import type { ImageId } from '../../domain/ids.ts'

export type ImageFile = {
  readonly name: string
  /** Undefined: no image has a file of this name. */
  readonly imageId: ImageId | undefined
  readonly changedAt: Date
}

/** The files of images, as the catalogue sees them: it deletes what nothing shows. */
export type ImageFiles = {
  /** All files of the image. Those that are not there are passed over. */
  readonly removeOf: (id: ImageId) => Promise<void>
  readonly remove: (names: readonly string[]) => Promise<void>
  readonly list: () => AsyncIterable<ImageFile>
}
