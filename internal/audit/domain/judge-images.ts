import type { Invariant } from './invariant.ts'
import { maxOffenders } from './invariant.ts'

/** An image as its row says, with the names of its files. */
export type ImageRow = {
  readonly id: string
  readonly state: 'reserved' | 'shown' | 'removed'
  readonly updatedAt: Date
  readonly names: readonly string[]
}

/** What lay in the store before the rows were read. */
export type StoredFiles = {
  readonly listedAt: Date
  readonly files: readonly { readonly name: string; readonly changedAt: Date }[]
}

/** The clocks of two machines may differ by so much. */
const clockMs = 60_000

/** The inventory service looks once an hour for files that are an hour old. */
const graceMs = 3 * 60 * 60_000

/** Files that should be there and are not. A row that is younger than the list is not judged. */
export function missingFiles(rows: readonly ImageRow[], { listedAt, files }: StoredFiles): readonly string[] {
  const there = new Set(files.map(({ name }) => name))
  return rows
    .filter(({ state, updatedAt }) => state === 'shown' && updatedAt.getTime() < listedAt.getTime() - clockMs)
    .flatMap(({ names }) => names.filter((name) => !there.has(name)))
}

/** Files that are old and belong to no image. Some may have been deleted since the list was made. */
export function unknownFiles(rows: readonly ImageRow[], { listedAt, files }: StoredFiles): readonly string[] {
  const known = new Set(rows.flatMap(({ names }) => names))
  return files
    .filter(({ name, changedAt }) => !known.has(name) && listedAt.getTime() - changedAt.getTime() > graceMs)
    .map(({ name }) => name)
}

export function judgeImages(
  checked: number,
  missing: readonly string[],
  unknown: readonly string[],
): Invariant {
  const offenders = [
    ...missing.map((name) => `the file ${name} of an image is missing`),
    ...unknown.map((name) => `the file ${name} belongs to no image`),
  ]
  return {
    name: 'image-files',
    checked,
    violations: offenders.length,
    offenders: offenders.slice(0, maxOffenders),
  }
}
