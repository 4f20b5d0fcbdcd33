// npm run build: JavaScript in dist/, for the container image.
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { runQuietly } from './child.mjs'
import { root } from './root.mjs'
import { setup } from './setup.mjs'
import { fail, step } from './steps.mjs'

try {
  await setup()
  await step('building', async () => {
    await rm(path.join(root, 'dist'), { recursive: true, force: true })
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    await runQuietly(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root })
  })
} catch (err) {
  fail(err)
}
