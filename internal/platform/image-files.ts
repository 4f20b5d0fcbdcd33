import { isUuid } from './uuid.ts'

/** The files of an image: the longest side of each in pixels. A smaller picture is not made larger. */
export const imagePresets = { thumb: 160, card: 480, page: 1_600 } as const

export type ImagePreset = keyof typeof imagePresets

export const imagePresetNames = ['thumb', 'card', 'page'] as const satisfies readonly ImagePreset[]

/** Every file is a WebP, whatever was uploaded. */
export const imageMediaType = 'image/webp'

/** The name of a file in the store. Nothing of it comes from whoever has uploaded the image. */
export const imageFileName = (imageId: string, preset: ImagePreset): string => `${imageId}-${preset}.webp`

export const imageFileNames = (imageId: string): readonly string[] =>
  imagePresetNames.map((preset) => imageFileName(imageId, preset))

/** The image of which this file of the store is; undefined when no image has such a file. */
export function imageOfFile(name: string): string | undefined {
  const id = name.slice(0, uuidLength)
  return isUuid(id) && imageFileNames(id).includes(name) ? id : undefined
}

const uuidLength = 36

/** Where an image is found at the API. */
export const imagePath = (imageId: string, preset: ImagePreset): string => `/images/${imageId}/${preset}`
