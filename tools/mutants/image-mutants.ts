import type { Mutant } from './mutant.ts'

const inImages = 'internal/inventory/catalogue/infrastructure/postgres-images.ts'
const inProducts = 'internal/inventory/catalogue/infrastructure/write-products.ts'
const inRemoval = 'internal/inventory/catalogue/application/remove-image-files.ts'
const storeDrills = 'internal/inventory/infrastructure/prisma-inventory.int.test.ts'
const removalDrills = 'internal/inventory/catalogue/application/remove-image-files.test.ts'

/** Rules of the images of products. */
export const imageMutants: readonly Mutant[] = [
  {
    name: 'images-reserved-together',
    rule: 'uploads at once take no room twice: who reserves sees what all others have reserved',
    patches: [{ file: inImages, search: '        await tx.$queryRawUnsafe(oneAtATimeSql)\n', replace: '' }],
    hunt: {
      by: 'drill',
      file: storeDrills,
      test: 'of ten reservations at once, each sees those before it',
    },
  },
  {
    name: 'images-read-before-the-lock',
    rule: 'who changes a product sees the images that whoever had the lock before has added',
    patches: [
      {
        file: inProducts,
        search: '  if (ids.length > 0) await tx.$queryRawUnsafe(lockSql, ids)\n',
        replace: '',
      },
      {
        file: inProducts,
        search: 'await selectProducts(tx, findSql, ids)',
        replace: 'await selectProducts(tx, `${findSql} for update of p`, ids)',
      },
    ],
    hunt: { by: 'drill', file: storeDrills, test: 'images that are added at once are all there' },
  },
  {
    name: 'images-of-deleted-products-stay',
    rule: 'the files of a deleted product are deleted',
    patches: [
      {
        file: 'internal/inventory/catalogue/domain/product.ts',
        search: 'const next = { ...product, uploaded: [], version:',
        replace: 'const next = { ...product, version:',
      },
    ],
    hunt: {
      by: 'drill',
      file: storeDrills,
      test: 'what is removed, by itself or with its product, waits for the removal of its files',
    },
  },
  {
    name: 'row-before-files',
    rule: 'a row remembers the files of a removed image until they are deleted',
    patches: [
      {
        file: inRemoval,
        search: '        await files.removeOf(id)\n        await images.forget([id])\n',
        replace: '        await images.forget([id])\n        await files.removeOf(id)\n',
      },
    ],
    hunt: {
      by: 'drill',
      file: removalDrills,
      test: 'what cannot be deleted is tried again, and holds nobody else up',
    },
  },
  {
    name: 'abandoned-uploads-stay',
    rule: 'the files of an upload that nobody has ended are deleted',
    patches: [
      {
        file: inRemoval,
        search: '    await images.expire(new Date(now().getTime() - reservedForMs))\n',
        replace: '',
      },
    ],
    hunt: {
      by: 'drill',
      file: removalDrills,
      test: 'an upload that nobody has ended is given up after a quarter of an hour',
    },
  },
  {
    name: 'young-files-unknown',
    rule: 'a file whose upload may still be under way is left alone',
    patches: [
      {
        file: inRemoval,
        search: 'if (now().getTime() - file.changedAt.getTime() < graceMs) continue',
        replace: 'if (now().getTime() - file.changedAt.getTime() < 0) continue',
      },
    ],
    hunt: {
      by: 'drill',
      file: removalDrills,
      test: 'a file that belongs to no image goes when it is an hour old',
    },
  },
  {
    name: 'any-file-under-a-key',
    rule: 'another file under the same Idempotency-Key is another request',
    patches: [
      {
        file: 'internal/gateway/images/read-upload.ts',
        search: 'toJSON: () => digest',
        replace: 'toJSON: () => digest.slice(0, 0)',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/gateway/routes/image-routes.test.ts',
      test: 'the key of a repeated request stands for its file and its fields',
    },
  },
  {
    name: 's3-lists-all',
    rule: 'of a bucket nothing is listed that is not an image: what is listed and has no row is deleted',
    patches: [{ file: 'internal/platform/files/s3-files.ts', search: 'Prefix: prefix, ', replace: '' }],
    hunt: {
      by: 'drill',
      file: 'internal/platform/files/s3-files.test.ts',
      test: 'what else is in the bucket is neither listed nor found',
    },
  },
  {
    name: 's3-hides-wrong-keys',
    rule: 'a wrong key of the bucket is no outage that passes',
    patches: [
      {
        file: 'internal/platform/files/s3-files.ts',
        search: '    if (!isOutage(err)) throw err\n',
        replace: '',
      },
    ],
    hunt: {
      by: 'drill',
      file: 'internal/platform/files/s3-files.test.ts',
      test: 'a wrong key or bucket is a fault that says what it is',
    },
  },
]
