import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import ts from 'typescript'

const source = `type Long = { readonly first: string }

type Gone = Long

export function fails(value: Gone): never {
  throw new RangeError(value.first)
}
`

/** Compiles as `npm start` does, and runs what has an error in a process of its own. */
async function stackOf(dir: string, program: string): Promise<string> {
  const run = promisify(execFile)
  const file = path.join(dir, 'program.mjs')
  const here = JSON.stringify(path.join(import.meta.dirname, 'source-lines.ts'))
  await writeFile(file, `import { showSourceLines } from ${here}\nshowSourceLines()\n${program}`)
  return (await run(process.execPath, ['--import=tsx', file])).stdout
}

t.test('a stack names the lines of the sources', async (t) => {
  const dir = t.testdir()
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, sourceMap: true }
  const { outputText, sourceMapText } = ts.transpileModule(source, { fileName: 'fails.ts', compilerOptions })
  await writeFile(path.join(dir, 'fails.js'), outputText)
  await writeFile(path.join(dir, 'fails.js.map'), sourceMapText ?? '')
  await writeFile(path.join(dir, 'package.json'), '{ "type": "module" }')
  const program = `const { fails } = await import('./fails.js')
    try { fails({ first: 'no' }) } catch (err) { console.log(err.stack) }`
  const stack = await stackOf(dir, program)
  t.match(stack, /^RangeError: no\n {4}at fails \(.*fails\.ts:6:9\)\n/)
  t.match(stack, /program\.mjs:/, 'what has no map is left as it is')
})

t.test('what cannot be written as a text has a stack all the same', async (t) => {
  const program = `const err = new Error('x')
    err.toString = () => { throw new Error('no text') }
    console.log(err.stack)`
  t.match(await stackOf(t.testdir(), program), /^Error\n {4}at /)
})
