import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { mutants } from './mutants.ts'
import { patched } from './patched-copy.ts'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const read = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8')

for (const { name, patches, hunt: wanted } of mutants) {
  t.test(`${name} can still be made, and what hunts it is there`, async (t) => {
    const texts = new Map<string, string>()
    for (const patch of patches) {
      const before = texts.get(patch.file) ?? (await read(patch.file))
      const after = patched(before, patch)
      t.not(after, before)
      texts.set(patch.file, after)
    }
    if (wanted.by === 'drill') t.ok(await read(wanted.file))
  })
}

t.test('each has a name of its own', async (t) => {
  t.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length)
})

t.test('a patch that does not fit is an error', async (t) => {
  const patch = { file: 'a.ts', search: 'x', replace: 'y' }
  t.equal(patched('1 x 2', patch), '1 y 2')
  t.throws(() => patched('1 2', patch), /is not there any more/)
  t.throws(() => patched('x x', patch), /more than once/)
})
