// npm run build: compiles everything again into dist/ and builds the pages, for the container image.
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { root } from './root.mjs'
import { setup } from './setup.mjs'
import { fail } from './steps.mjs'

try {
  await rm(path.join(root, 'dist'), { recursive: true, force: true })
  await setup({ pages: 'required' })
} catch (err) {
  fail(err)
}
