// npm run check:static: types, lint, architecture, formatting, contracts and schemas. It runs all of them and then
// reports which have failed.
import path from 'node:path'
import { runQuietly } from './child.mjs'
import { bufCli, bufEnv, generateSdk, prismaCli, prismaEnv, schemaOf, services } from './generate.mjs'
import { installPackages } from './install.mjs'
import { root } from './root.mjs'
import { setup } from './setup.mjs'
import { fail, Failure, step } from './steps.mjs'

const architecture = ['--config', '.dependency-cruiser.mjs', 'cmd', 'internal', 'tools']

try {
  process.chdir(root)
  await setup()
  await generateSdk()
  await installPackages('web', 'packages of the pages')
  const failures = []
  for (const [name, check] of await checks()) {
    await step(name, check).catch((err) => failures.push(`${name}: ${err.message}`))
  }
  if (failures.length > 0) throw new Failure(failures.join('\n\n'))
  // The tests run in this process, because a shell in between would not pass on a signal.
  if (process.argv.includes('--with-tests')) {
    process.argv.splice(2)
    await import('../tools/test/main.mjs')
  }
} catch (err) {
  fail(err)
}

async function checks() {
  const node = (script, args, env = process.env) =>
    runQuietly(process.execPath, [script, ...args], { cwd: root, env })
  const tool = (name, ...args) => node(path.join(root, 'node_modules', name), args)
  return [
    ['types', () => tool('typescript/bin/tsc', '--noEmit')],
    // The pages are checked, and linted, against the declarations that this makes.
    ['types of the SDK', () => tool('typescript/bin/tsc', '-p', 'sdk')],
    ['types of the pages', () => tool('typescript/bin/tsc', '--noEmit', '-p', 'web')],
    ['lint', () => tool('eslint/bin/eslint.js', '--max-warnings=0', '.')],
    ['architecture', () => tool('dependency-cruiser/bin/dependency-cruise.mjs', ...architecture)],
    ['formatting', () => tool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.')],
    ['contracts', () => node(bufCli, ['lint'], bufEnv)],
    [
      'schemas',
      async () => {
        for (const service of await services()) {
          await node(prismaCli, ['validate', '--schema', schemaOf(service)], prismaEnv)
        }
      },
    ],
  ]
}
