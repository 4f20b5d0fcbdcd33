import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Patch } from './mutant.ts'

/**
 * A copy of the checkout in a folder of its own, which uses the packages of the original. Mutants are made only there.
 */
export type PatchedCopy = {
  readonly dir: string
  /** Applies patches and returns a function that takes them back. */
  readonly apply: (patches: readonly Patch[]) => Promise<() => Promise<void>>
  readonly remove: () => Promise<void>
}

/** Generated code is copied too, with the stamps by which it counts as up to date. */
const folders = ['cmd', 'deploy', 'internal', 'prisma', 'proto', 'scripts', 'sdk', 'tools']
const files = ['package.json', 'package-lock.json', 'tsconfig.json', 'buf.yaml', 'buf.gen.yaml']
const shared = ['node_modules', '.cache']

export async function copyOf(root: string, under = tmpdir()): Promise<PatchedCopy> {
  const dir = await mkdtemp(path.join(under, 'tillstream-mutants-'))
  await Promise.all([
    ...[...folders, ...files].map((name) =>
      cp(path.join(root, name), path.join(dir, name), { recursive: true }),
    ),
    ...shared.map((name) => symlink(path.join(root, name), path.join(dir, name))),
  ])
  return {
    dir,
    async apply(patches) {
      const originals = new Map<string, string>()
      for (const patch of patches) {
        const file = path.join(dir, patch.file)
        const text = await readFile(file, 'utf8')
        if (!originals.has(file)) originals.set(file, text)
        await writeFile(file, patched(text, patch))
      }
      return async () => {
        for (const [file, text] of originals) await writeFile(file, text)
      }
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}

/**
 * Throws when the text of a patch is missing or occurs twice, because that must not look like a mutant that survived.
 */
export function patched(text: string, { file, search, replace }: Patch): string {
  const [before, after, ...more] = text.split(search)
  if (before === undefined || after === undefined || more.length > 0) {
    const problem = after === undefined ? 'is not there any more' : 'is there more than once'
    throw new Error(`${file}: the text that a mutant replaces ${problem}:\n${search}`)
  }
  return `${before}${replace}${after}`
}
