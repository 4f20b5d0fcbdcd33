import { Piscina } from 'piscina'
import { imagePresets, type ImagePreset } from '../../platform/image-files.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Scope } from '../../platform/run.ts'
import { imageKindOf, maxPixels } from './image-kind.ts'

export type DrawnFile = { readonly bytes: Uint8Array; readonly width: number; readonly height: number }

/** The files of an image. Refused with image.unsupported, image.unreadable, image.too-many-pixels and overloaded. */
export type DrawPresets = (bytes: Buffer) => Promise<Readonly<Record<ImagePreset, DrawnFile>>>

/** One is drawn at a time, because a large one takes some hundred megabytes. It takes a second or two. */
const maxWaiting = 8

/** Below the event loop's, so that images do not slow down orders. */
const niceIncrement = 10

/** A thread keeps the library in memory, so it goes when nobody has uploaded for a while. */
const idleTimeoutMs = 20_000

type Task = {
  readonly bytes: Buffer
  readonly sides: readonly number[]
  readonly maxPixels: number
}

type Drawn =
  | { readonly files: readonly [page: DrawnFile, card: DrawnFile, thumb: DrawnFile] }
  | { readonly refused: keyof typeof refusals }

const { thumb, card, page } = imagePresets
const sides = [page, card, thumb]

/** Draws in a thread that starts with the first image, and loads the library only there. */
export function presetDrawer(scope: Scope): DrawPresets {
  const pool = new Piscina<Task, Drawn>({
    filename: new URL('./draw-presets.mjs', import.meta.url).href,
    name: 'drawPresets',
    minThreads: 0,
    maxThreads: 1,
    maxQueue: maxWaiting,
    idleTimeout: idleTimeoutMs,
    niceIncrement,
    recordTiming: false,
    execArgv: [],
  })
  scope.onClose('image threads', () => pool.destroy())
  return async (bytes) => {
    const kind = imageKindOf(bytes)
    if (!kind) throw new Refusal('invalid', 'image.unsupported', 'send a picture as JPEG, PNG, WebP or AVIF')
    if (pool.queueSize >= maxWaiting) throw tooManyUploads()
    const drawn = await pool.run({ bytes, sides, maxPixels: maxPixels[kind] })
    if ('refused' in drawn) throw refusals[drawn.refused](maxPixels[kind])
    const [pageFile, cardFile, thumbFile] = drawn.files
    return { page: pageFile, card: cardFile, thumb: thumbFile }
  }
}

const refusals = {
  unreadable: () => new Refusal('invalid', 'image.unreadable', 'the picture cannot be decoded'),
  'too-many-pixels': (max: number) =>
    new Refusal('invalid', 'image.too-many-pixels', `the picture has more than ${max} pixels`, {
      maxPixels: max,
    }),
} as const

export const tooManyUploads = (): Refusal =>
  new Refusal('unavailable', 'overloaded', 'too many pictures are being uploaded; try again in a moment')
