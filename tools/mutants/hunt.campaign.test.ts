import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { hunt } from './hunt.ts'
import { mutants } from './mutants.ts'
import { copyOf } from './patched-copy.ts'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const read = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8')

t.test('a broken rule is noticed, in a copy, and the copy is mended', async (t) => {
  const copy = await copyOf(root, process.env.TEST_TMP_DIR)
  t.teardown(copy.remove)
  const mutant = mutants.find(({ name }) => name === 'no-idempotency-key')!
  t.match(await hunt(copy, mutant, 200), { isCaught: true, by: /^seed \d+$/, said: /doubled/ })
  for (const { file } of mutant.patches) {
    t.equal(await readFile(path.join(copy.dir, file), 'utf8'), await read(file))
  }
})
