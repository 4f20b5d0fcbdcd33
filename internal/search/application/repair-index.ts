import { partsOf } from '../../platform/message-size.ts'
import { differingBuckets, type BucketDigest, type ProductId } from '../domain/document.ts'
import type { Catalogue } from './catalogue.ts'
import type { IndexProducts } from './index-products.ts'
import type { SearchIndex } from './search-index.ts'

type Deps = {
  readonly catalogue: Pick<Catalogue, 'digest' | 'versionsIn'>
  readonly index: Pick<SearchIndex, 'digest' | 'versionsIn'>
  readonly indexProducts: IndexProducts
}

/** The versions of so many products fit into one message. */
const versionsAtOnce = 10_000

/** Compares the index with the catalogue, and indexes what differs. Returns how many products that were. */
export function repairIndex({ catalogue, index, indexProducts }: Deps) {
  return async (): Promise<number> => {
    const [wanted, known] = await Promise.all([catalogue.digest(), index.digest()])
    const buckets = differingBuckets(wanted, known)
    const sizes = new Map(wanted.map(({ bucket, count }: BucketDigest) => [bucket, count]))
    let repaired = 0
    for (const part of partsOf(buckets, versionsAtOnce, (bucket) => sizes.get(bucket) ?? 0)) {
      const [wantedVersions, versions] = [await catalogue.versionsIn(part), await index.versionsIn(part)]
      const ids = differing(wantedVersions, versions)
      const isBehind = (id: ProductId): boolean => isEarlier(versions.get(id), wantedVersions.get(id))
      await indexProducts(ids.filter(isBehind)) // an event may have told of a later version meanwhile
      await indexProducts(
        ids.filter((id) => !isBehind(id)),
        'always',
      )
      repaired += ids.length
    }
    return repaired
  }
}

/** One that was stored in another form has the version 0, and is replaced by the same one. */
const isEarlier = (known: number | undefined, wanted = 0): boolean =>
  known !== 0 && (known === undefined || known < wanted)

type Versions = ReadonlyMap<ProductId, number>

function differing(wanted: Versions, known: Versions): readonly ProductId[] {
  const ids = new Set([...wanted.keys(), ...known.keys()])
  return [...ids].filter((id) => wanted.get(id) !== known.get(id))
}
