import type { Readable } from 'node:stream'

/** From the first to the last byte, both included. */
export type ByteRange = { readonly first: number; readonly last: number }

export type StoredFile = {
  readonly bytes: number
  /** Undefined when the file has gone meanwhile. Whoever asks reads the stream to its end or destroys it. */
  readonly read: (range?: ByteRange) => Promise<Readable | undefined>
}

export type ListedFile = { readonly name: string; readonly changedAt: Date }

/**
 * Files by their names, which are ours and never a caller's. A file that was put is there as a whole and survives a crash;
 * one whose put did not end is not found, although `list` may show something of it.
 */
export type FileStore = {
  /** Replaces what had the name. */
  readonly put: (name: string, bytes: Uint8Array) => Promise<void>
  readonly find: (name: string) => Promise<StoredFile | undefined>
  /** Those that are not there are passed over. */
  readonly remove: (names: readonly string[]) => Promise<void>
  /** In any order, with what crashes have left. A name that it shows can be removed. */
  readonly list: () => AsyncIterable<ListedFile>
}

const fileName = /^[a-z0-9][a-z0-9.-]{0,127}$/

export const isFileName = (name: string): boolean => fileName.test(name)

/** No name leaves the folder of the store. Throws, because nobody outside chooses names. */
export function requireFileName(name: string): string {
  if (!isFileName(name)) throw new Error(`${JSON.stringify(name)} is no name of a file`)
  return name
}
