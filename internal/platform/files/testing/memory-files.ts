import { Readable } from 'node:stream'
import { requireFileName, type FileStore } from '../file-store.ts'

export type MemoryFiles = FileStore & { readonly files: Map<string, { bytes: Buffer; changedAt: Date }> }

/** Passes the same contract as the real stores. */
export function memoryFiles(): MemoryFiles {
  const files: MemoryFiles['files'] = new Map()
  return {
    files,
    async put(name, bytes) {
      files.set(requireFileName(name), { bytes: Buffer.from(bytes), changedAt: new Date() })
    },
    async find(name) {
      const found = files.get(requireFileName(name))
      if (!found) return undefined
      return {
        bytes: found.bytes.length,
        async read(range = { first: 0, last: found.bytes.length - 1 }) {
          if (files.get(name) !== found) return undefined
          return Readable.from([found.bytes.subarray(range.first, range.last + 1)])
        },
      }
    },
    async remove(names) {
      for (const name of names) files.delete(requireFileName(name))
    },
    async *list() {
      for (const [name, { changedAt }] of files) yield { name, changedAt }
    },
  }
}
