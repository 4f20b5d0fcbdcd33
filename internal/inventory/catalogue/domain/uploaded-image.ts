import type { ImageId } from '../../domain/ids.ts'

/** An image whose files the shop keeps. */
export type UploadedImage = {
  readonly id: ImageId
  /** What it shows, for those who do not see it; empty when nobody has said. */
  readonly alt: string
  /** Of the largest file, in pixels. */
  readonly width: number
  readonly height: number
}
