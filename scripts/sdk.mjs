// npm run sdk: makes the package in sdk/ ready for `npm pack ./sdk`. Its operations are made from sdk/openapi.json, which
// `npm run docs` writes.
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { runQuietly } from './child.mjs'
import { generateSdk } from './generate.mjs'
import { root } from './root.mjs'
import { setup } from './setup.mjs'
import { fail, step } from './steps.mjs'

try {
  await setup()
  await generateSdk()
  await step('compiling the SDK', async () => {
    await rm(path.join(root, 'sdk', 'dist'), { recursive: true, force: true })
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    await runQuietly(process.execPath, [tsc, '-p', 'sdk'], { cwd: root, env: process.env })
  })
} catch (err) {
  fail(err)
}
