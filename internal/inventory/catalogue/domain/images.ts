import { Refusal } from '../../../platform/refusal.ts'
import { isAtMost, isStorableLine, textLengths, tidy } from '../../../platform/text.ts'
import type { ImageId } from '../../domain/ids.ts'
import type { Product, ProductChange } from './product.ts'
import type { UploadedImage } from './uploaded-image.ts'

/** A gallery of one product. Each page of a list carries them all. */
export const maxUploadedImages = 20

/** WebP has no larger sides. */
const maxSide = 16_383

/** Three files of 1,600 pixels at most need far less; more than this was not made by our gateway. */
const maxBytes = 32 * 1024 * 1024

export type NewImage = UploadedImage & {
  /** Of all of its files. */
  readonly bytes: number
}

/** What the files of images take: those that are reserved, shown, or not yet removed. */
export type ImageUse = { readonly ofProduct: number; readonly bytesInAll: number }

export function newImage(input: NewImage): NewImage {
  const { id, width, height, bytes } = input
  if (!isCount(width, maxSide) || !isCount(height, maxSide) || !isCount(bytes, maxBytes))
    throw new Refusal('invalid', 'image.invalid', 'an image has a width, a height and files')
  return { id, alt: parseAlt(input.alt), width, height, bytes }
}

/** Refuses an image for which there is no room. */
export function requireRoom(image: NewImage, used: ImageUse, maxBytesInAll: number): void {
  if (used.ofProduct >= maxUploadedImages)
    throw new Refusal('conflict', 'image.too-many', `a product has at most ${maxUploadedImages} images`)
  if (used.bytesInAll + image.bytes > maxBytesInAll)
    throw new Refusal('conflict', 'image.storage-full', 'there is no room for more images')
}

export function addImage(product: Product, image: UploadedImage, at: Date): ProductChange {
  const uploaded = [...product.uploaded, image].sort((a, b) => (a.id < b.id ? -1 : 1))
  return changed(product, uploaded, at)
}

export function deleteImage(product: Product, id: ImageId, at: Date): ProductChange {
  const uploaded = product.uploaded.filter((image) => image.id !== id)
  if (uploaded.length === product.uploaded.length) throw imageNotFound()
  return changed(product, uploaded, at)
}

export const imageNotFound = (): Refusal =>
  new Refusal('not-found', 'image.not-found', 'there is no such image')

/** It took so long to store its files that its room was given back. */
export const notReserved = (): Refusal =>
  new Refusal('conflict', 'image.not-reserved', 'the upload took too long; upload the image again')

function changed(product: Product, uploaded: readonly UploadedImage[], at: Date): ProductChange {
  const next = { ...product, uploaded, version: product.version + 1, updatedAt: at }
  return { state: next, events: [{ type: 'ProductUpdated', product: next }] }
}

function parseAlt(text: string): string {
  const alt = tidy(text)
  if (isStorableLine(alt) && isAtMost(alt, textLengths.imageAlt)) return alt
  const message = `alt must be one line of at most ${textLengths.imageAlt} characters`
  throw new Refusal('invalid', 'image.invalid', message, { field: 'alt' })
}

const isCount = (value: number, max: number): boolean => Number.isInteger(value) && value >= 1 && value <= max
