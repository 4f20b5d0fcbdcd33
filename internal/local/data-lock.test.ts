import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { lockDataDir, lockHolder } from './data-lock.ts'

void t.test('a second stack on the same data directory is refused', async (t) => {
  const dir = t.testdir()
  const unlock = await lockDataDir(dir)
  await t.rejects(lockDataDir(dir), { name: 'SetupError', message: `another stack (process ${process.pid})` })
  await unlock()
  await (
    await lockDataDir(dir)
  )()
})

void t.test('of eight at once, one gets the lock', async (t) => {
  const dir = t.testdir({ 'stack.lock': goneProcess() })
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDir(dir)))
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
})

void t.test(
  'the lock of a process that is gone, or of another under its id, counts for nothing',
  async (t) => {
    for (const content of [goneProcess(), `${process.pid} 1`, '', 'nonsense']) {
      const dir = t.testdir({ 'stack.lock': content })
      t.equal(await lockHolder(dir), undefined)
      const unlock = await lockDataDir(dir)
      t.match(await readFile(path.join(dir, 'stack.lock'), 'utf8'), `${process.pid} `)
      await unlock()
    }
  },
)

void t.test('a data directory that cannot be made is named', async (t) => {
  const file = path.join(t.testdir({ file: '' }), 'file')
  for (const dir of [path.join(file, 'data'), ...(process.platform === 'linux' ? ['/proc/data'] : [])]) {
    await t.rejects(lockDataDir(dir), { name: 'SetupError', message: `DATA_DIR ${dir} cannot be written to` })
  }
})

void t.test('a data directory is made with all its parents', async (t) => {
  const dir = path.join(t.testdir(), 'a', 'b', 'c')
  await mkdir(path.dirname(path.dirname(dir)), { recursive: true })
  await (
    await lockDataDir(dir)
  )()
  await writeFile(path.join(dir, 'file'), '')
})

function goneProcess(): string {
  return `${spawnSync(process.execPath, ['--version']).pid} 12345`
}
