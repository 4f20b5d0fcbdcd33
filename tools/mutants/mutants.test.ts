import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { hunt } from './hunt.ts'
import { mutants } from './mutants.ts'
import { copyOf, patched } from './patched-copy.ts'

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

t.test('a broken rule is noticed, in a copy, and the copy is mended', async (t) => {
  const copy = await copyOf(root, process.env.TEST_TMP_DIR)
  t.teardown(copy.remove)
  const mutant = mutants.find(({ name }) => name === 'no-idempotency-key')!
  t.match(await hunt(copy, mutant, 200), { isCaught: true, by: /^seed \d+$/, said: /doubled/ })
  for (const { file } of mutant.patches) {
    t.equal(await readFile(path.join(copy.dir, file), 'utf8'), await read(file))
  }
})
