import { Type } from 'typebox'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { FileStore } from '../../platform/files/file-store.ts'
import { imageFileName, imageMediaType, imagePresetNames } from '../../platform/image-files.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Log } from '../../platform/log.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { keepImage } from '../images/keep-image.ts'
import type { DrawPresets } from '../images/preset-drawer.ts'
import type { Upload } from '../images/read-upload.ts'
import { serveFile } from '../images/serve-file.ts'
import { uploads } from '../limits.ts'
import { etagOf } from '../preconditions.ts'
import { IdParams, refTo, Uuid } from '../schemas.ts'
import { Product, productBody } from './product-schemas.ts'

export type ImageDeps = {
  readonly inventory: Pick<
    Handlers<typeof InventoryService>,
    'getProduct' | 'reserveImage' | 'addImage' | 'deleteImage'
  >
  /** Undefined when no place for files is set. */
  readonly imageFiles: FileStore | undefined
  readonly drawPresets: DrawPresets
  readonly log: Log
}

export function imageRoutes(deps: ImageDeps): readonly Endpoint[] {
  return [uploading(deps), deleting(deps), showing(deps)]
}

const ImageForm = Type.Object(
  {
    file: Type.Unsafe<Upload>({
      contentMediaType: 'application/octet-stream',
      description: 'A JPEG, PNG, WebP or AVIF; its name and media type do not matter',
    }),
    alt: Type.Optional(
      Type.String({
        maxLength: uploads.altLength,
        description: 'What it shows, for those who do not see it',
      }),
    ),
  },
  { additionalProperties: false },
)

function uploading(deps: ImageDeps): Endpoint {
  const keep = keepImage(deps)
  return endpoint({
    method: 'POST',
    path: '/products/:id/images',
    access: 'staff',
    permission: 'products:write',
    tag: 'products',
    id: 'uploadImage',
    summary: 'Upload an image of a product',
    takesIdempotencyKey: true,
    takesFile: true,
    params: IdParams,
    body: ImageForm,
    status: 201,
    response: refTo(Product),
    async handle({ params, body: { file, alt = '' } }, call) {
      const image = { productId: params.id, bytes: file.bytes, alt }
      const { product, replayed } = await keep(image, call)
      return { body: productBody(product), headers: { etag: etagOf(product) }, isReplay: replayed }
    },
  })
}

function deleting({ inventory }: ImageDeps): Endpoint {
  return endpoint({
    method: 'DELETE',
    path: '/products/:id/images/:imageId',
    access: 'staff',
    permission: 'products:write',
    tag: 'products',
    id: 'deleteImage',
    summary: 'Delete an uploaded image of a product',
    params: Type.Object({ id: Uuid, imageId: Uuid }),
    status: 204,
    response: Type.Null(),
    async handle({ params: { id, imageId } }, call) {
      await inventory.deleteImage({ productId: id, imageId }, call)
      return { body: null }
    },
  })
}

const header = (description: string) => Type.Optional(Type.String({ description }))

function showing({ imageFiles }: ImageDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/images/:id/:preset',
    access: 'anyone',
    tag: 'products',
    id: 'showImage',
    summary:
      'An uploaded image as WebP, at most 160 (thumb), 480 (card) or 1,600 (page) pixels wide and high',
    params: Type.Object({
      id: Uuid,
      preset: Type.String({ description: imagePresetNames.join(', ') }),
    }),
    headers: Type.Object({
      range: header('One range of bytes, which is answered with 206'),
      'if-none-match': header(
        'The ETag that the client has; the answer is 304, because an image never changes',
      ),
      'if-range': header('The range is wanted only if this is the ETag'),
    }),
    status: 200,
    mediaType: imageMediaType,
    response: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
    async handle({ params, headers }) {
      const id = params.id.toLowerCase()
      const preset = imagePresetNames.find((name) => name === params.preset)
      const file = preset && (await imageFiles?.find(imageFileName(id, preset)))
      const served = file && (await serveFile(file, `"${id}-${preset}"`, headers))
      if (!served) throw new Refusal('not-found', 'image.not-found', 'there is no such image')
      return served
    },
  })
}
