// node scripts/run.mjs cmd/<process>/main.ts [-- arguments]: sets up the checkout if needed, and then runs the program
// in this very process. A .js file is a compiled one in dist/.
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { constants } from 'node:os'
import { root } from './root.mjs'
import { setup } from './setup.mjs'
import { fail } from './steps.mjs'

/** Under npm, Ctrl-C arrives twice: from the terminal and from npm. Only a signal that comes later is a second one. */
const repeatedSignalMs = 1_000

/** There is no child process, so that signals, exit codes and the terminal are the program's own. */
export async function runMain(main, args, prepared = {}) {
  try {
    await setup(prepared)
  } catch (err) {
    fail(err)
  }
  process.chdir(root)
  process.argv = [process.argv[0], path.join(root, main), ...args]
  tolerateRepeatedSignals()
  if (main.endsWith('.ts')) {
    process.setSourceMapsEnabled(true)
    await loadTypeScript()
  }
  await import(pathToFileURL(path.join(root, main)).href)
}

/** After this call `.ts` files can be imported. */
export async function loadTypeScript() {
  const { register } = await import('tsx/esm/api')
  register()
}

function tolerateRepeatedSignals() {
  let first
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      const isFirst = first === undefined
      const isHandled = process.listenerCount(signal) > 1
      first ??= performance.now()
      if (isFirst ? isHandled : performance.now() - first < repeatedSignalMs) return
      process.exit(128 + constants.signals[signal])
    })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [main, ...rest] = process.argv.slice(2)
  if (!main) fail(new Error('which main.ts?'))
  await runMain(main, rest[0] === '--' ? rest.slice(1) : rest)
}
