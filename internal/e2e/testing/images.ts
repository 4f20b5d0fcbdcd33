import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { filePart, formOf, formType, type Part } from '../../gateway/images/testing/form.ts'
import type { Answer, Api } from './api.ts'

export type ImageBody = {
  readonly id?: string
  readonly url: string
  readonly alt?: string
  readonly width?: number
  readonly height?: number
  readonly presets?: Readonly<Record<'thumb' | 'card' | 'page', string>>
}

export type PicturedProduct = {
  readonly id: string
  readonly version: number
  readonly images: readonly ImageBody[]
}

type Upload = { readonly parts: readonly Part[]; readonly key?: string }

/** The names of the files that the store has. */
export async function storedFiles(dataDir: string): Promise<readonly string[]> {
  const folder = path.join(dataDir, 'images')
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return found.filter((entry) => entry.isFile()).map(({ name }) => name)
}

/** What the gateway answers to this form. */
export const postImage = async (
  api: Api,
  token: string,
  productId: string,
  { parts, key }: Upload,
): Promise<Answer<PicturedProduct & { readonly code?: string }>> =>
  api.request('POST', `/products/${productId}/images`, {
    token,
    rawBody: formOf(parts),
    headers: { 'content-type': formType, ...(key === undefined ? {} : { 'idempotency-key': key }) },
  })

/** The product with its new image. */
export async function uploadImage(
  api: Api,
  token: string,
  productId: string,
  picture: Buffer,
): Promise<PicturedProduct> {
  const { status, body } = await postImage(api, token, productId, { parts: [filePart(picture)] })
  if (status !== 201) throw new Error(`the upload was answered with ${status} ${body.code}`)
  return body
}
