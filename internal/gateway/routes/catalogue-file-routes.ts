import type { Readable } from 'node:stream'
import { Type, type Static } from 'typebox'
import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { exportCatalogue } from '../catalogue-files/export-catalogue.ts'
import { importCatalogue } from '../catalogue-files/import-catalogue.ts'
import { finished, progressOf, progressType } from '../catalogue-files/tell-progress.ts'
import type { CsvFile } from '../catalogue-files/take-csv.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'

export type CatalogueFileDeps = {
  readonly inventory: Pick<
    Handlers<typeof InventoryService>,
    'importProducts' | 'listProducts' | 'listProductColumns'
  >
}

export const catalogueFileRoutes = ({ inventory }: CatalogueFileDeps): readonly Endpoint[] => [
  importing(inventory),
  exporting(inventory),
]

const ImportReport = Type.Object({
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer({ description: 'Rows that say what is so already' }),
  failed: Type.Integer({ description: 'Rows that were left out; the others have taken effect' }),
  errors: Type.Array(
    Type.Object({
      line: Type.Integer({ description: 'Where the row begins; the names of the columns are line 1' }),
      column: Type.String({ description: 'Empty when it is the whole row' }),
      code: Type.String(),
      message: Type.String(),
    }),
    { description: 'Of the rows that were left out, the first 1,000' },
  ),
})

const AcceptHeader = Type.Object({
  accept: Type.Optional(
    Type.String({
      description: `${progressType}: a line of JSON after each batch of rows, with the part of the file that was read as progress, and the answer as the last line`,
    }),
  ),
})

function importing(inventory: CatalogueFileDeps['inventory']): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/admin/products/import',
    access: 'staff',
    permission: 'products:write',
    tag: 'products',
    id: 'importProducts',
    summary: 'Bring the catalogue to what a CSV file says, by SKU; the same file again changes nothing more',
    takesCsv: true,
    query: Type.Object(
      {
        dryRun: Type.Optional(Type.Boolean({ description: 'Tell what would become of the rows' })),
        stock: Type.Optional(
          Type.Enum(['opening', 'count'], {
            description:
              'opening (the default): new products begin with it. count: it was counted, and the difference is booked',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    body: Type.Unsafe<CsvFile>({ contentMediaType: 'text/csv', description: 'docs/shop-guide.md#import' }),
    status: 200,
    headers: AcceptHeader,
    response: Type.Unsafe<Static<typeof ImportReport> | Readable>(ImportReport),
    async handle({ query: { dryRun = false, stock }, headers, body }, call) {
      const how = { isDryRun: dryRun, countsStock: stock === 'count' }
      const rows = importCatalogue(inventory, body, how, call)
      if (!headers.accept?.includes(progressType)) return { body: await finished(rows) }
      return { body: await progressOf(rows), headers: { 'content-type': progressType } }
    },
  })
}

function exporting(inventory: CatalogueFileDeps['inventory']): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/admin/products/export',
    access: 'staff',
    permission: 'products:read',
    tag: 'products',
    id: 'exportProducts',
    summary: 'All products as a CSV file that can be imported',
    status: 200,
    mediaType: 'text/csv',
    response: Type.Unsafe<Readable>({ type: 'string' }),
    async handle(_input, call) {
      const headers = { 'content-disposition': 'attachment; filename="products.csv"' }
      return { body: exportCatalogue(inventory, call), headers }
    },
  })
}
