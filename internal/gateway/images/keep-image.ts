import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { Call } from '../../platform/call.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { FileStore } from '../../platform/files/file-store.ts'
import { imageFileName, imagePresetNames } from '../../platform/image-files.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Log } from '../../platform/log.ts'
import type { Handlers } from '../../platform/service.ts'
import type { DrawPresets, DrawnFile } from './preset-drawer.ts'

type Inventory = Handlers<typeof InventoryService>

export type KeepImageDeps = {
  readonly inventory: Pick<Inventory, 'getProduct' | 'reserveImage' | 'addImage'>
  /** Undefined when no place for files is set. */
  readonly imageFiles: FileStore | undefined
  readonly drawPresets: DrawPresets
  readonly log: Log
}

type NewImage = { readonly productId: string; readonly bytes: Buffer; readonly alt: string }

/**
 * First the inventory service makes room, then the files are stored, then the product shows them. Whoever dies between two
 * steps leaves a reservation, which the inventory service gives back with its files.
 */
export function keepImage({ inventory, imageFiles, drawPresets, log }: KeepImageDeps) {
  return async ({ productId, bytes, alt }: NewImage, call: Call) => {
    if (!imageFiles) throw noStorage()
    await inventory.getProduct({ id: productId }, call) // an unknown one is refused before anything is drawn
    const files = await drawPresets(bytes)
    const { width, height } = files.page
    const size = imagePresetNames.reduce((sum, preset) => sum + files[preset].bytes.length, 0)
    const { imageId } = await inventory.reserveImage({ productId, alt, width, height, bytes: size }, call)
    if (imageId === undefined)
      return { ...(await inventory.getProduct({ id: productId }, call)), replayed: true }
    await store(imageFiles, imageId, files).catch((err: unknown) => {
      log.error({ err, imageId }, 'an image could not be stored')
      throw new Refusal('unavailable', 'image.storage-unavailable', 'the image cannot be stored; try again')
    })
    failpoint('image-stored')
    return inventory.addImage({ productId, imageId }, call)
  }
}

async function store(
  imageFiles: FileStore,
  imageId: string,
  files: Readonly<Record<(typeof imagePresetNames)[number], DrawnFile>>,
): Promise<void> {
  for (const preset of imagePresetNames)
    await imageFiles.put(imageFileName(imageId, preset), files[preset].bytes)
}

export const noStorage = (): Refusal =>
  new Refusal(
    'conflict',
    'image.no-storage',
    'this shop has no place for images: neither IMAGES_DIR nor IMAGES_S3_BUCKET is set',
  )
