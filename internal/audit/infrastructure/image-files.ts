import type { FileStore, ListedFile } from '../../platform/files/file-store.ts'
import { imageFileNames } from '../../platform/image-files.ts'
import {
  judgeImages,
  missingFiles,
  unknownFiles,
  type ImageRow,
  type StoredFiles,
} from '../domain/judge-images.ts'
import { notJudged } from '../domain/invariant.ts'
import type { AuditCheck, SqlCheck } from './check.ts'

/**
 * Compares the rows of images with their files, in both directions. The files are listed here, before any row is read: the
 * files of an image that a later snapshot shows were there already.
 */
export async function imageFilesCheck(store: FileStore | undefined): Promise<AuditCheck> {
  const listing = store && (await listFiles(store))
  return {
    names: ['image-files'],
    needs: ['inventory'],
    async judge({ query }) {
      if (!store || !listing) return [notJudged('image-files', 'the place of the files is not known here')]
      const rows = (await query<RowOfImage>(rowsSql)).map(({ id, state, updated_at }): ImageRow => ({
        ...{ id, state, updatedAt: updated_at, names: imageFileNames(id) },
      }))
      // What was deleted since is no offender.
      const unknown: string[] = []
      for (const name of unknownFiles(rows, listing)) if (await store.find(name)) unknown.push(name)
      return [judgeImages(rows.length, missingFiles(rows, listing), unknown)]
    },
  }
}

type RowOfImage = Pick<ImageRow, 'id' | 'state'> & { readonly updated_at: Date }

const rowsSql = 'select id, state, updated_at from inventory.product_images'

async function listFiles(store: FileStore): Promise<StoredFiles> {
  const listedAt = new Date()
  const files: ListedFile[] = []
  for await (const file of store.list()) files.push(file)
  return { listedAt, files }
}

/** What a deleted product shows, and what should have been removed a day ago. */
export const imageChecks: readonly SqlCheck[] = [
  {
    names: ['product-images'],
    needs: ['inventory'],
    checked: 'select count(*) from inventory.product_images',
    offenders: `
      select 'product-images', 'image ' || i.id || case
        when i.state = 'shown' then ' is shown by the product ' || i.product_id || ', which is deleted or was never there'
        else ' is ' || i.state || ' since ' || i.updated_at
      end
      from inventory.product_images i
      left join inventory.products p on p.id = i.product_id and p.deleted_at is null
      where (i.state = 'shown' and p.id is null)
        or (i.state <> 'shown' and i.updated_at < now() - interval '1 day')`,
  },
]
