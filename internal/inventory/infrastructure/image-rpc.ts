import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { InventoryApp } from '../application/inventory-app.ts'
import { productJson } from '../catalogue/infrastructure/product-json.ts'
import { parseImageId, parseProductId } from '../domain/ids.ts'

export function imageRpc(app: InventoryApp) {
  return {
    async reserveImage({ productId, ...image }, call) {
      return { imageId: await app.reserveImage({ productId: parseProductId(productId), ...image }, call) }
    },
    async addImage({ productId, imageId }, call) {
      const input = { productId: parseProductId(productId), imageId: parseImageId(imageId) }
      const { result, isReplay } = await app.addImage(input, call)
      return { product: productJson(result), replayed: isReplay }
    },
    async deleteImage({ productId, imageId }, call) {
      await app.deleteImage({ productId: parseProductId(productId), imageId: parseImageId(imageId) }, call)
      return {}
    },
  } satisfies Partial<Handlers<typeof InventoryService>>
}
