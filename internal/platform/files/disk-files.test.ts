import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { diskFiles } from './disk-files.ts'
import { fileStoreContract } from './testing/file-store-contract.ts'

fileStoreContract(t, async (t) => diskFiles(path.join(t.testdir(), 'images')))

t.test('what a crash has left of a file is not found, is listed, and can be removed', async (t) => {
  const dir = t.testdir()
  const store = diskFiles(dir)
  await store.put('a-thumb.webp', Buffer.from('whole'))
  const [folder = ''] = await readdir(dir)
  const part = 'a-thumb.webp.01920000-0000-7000-8000-000000000001.part'
  await writeFile(path.join(dir, folder, part), 'ha')
  t.equal((await store.find('a-thumb.webp'))?.bytes, 5)
  const names: string[] = []
  for await (const { name } of store.list()) names.push(name)
  t.strictSame(names.sort(), ['a-thumb.webp', part])
  await store.remove([part])
  t.strictSame(await readdir(path.join(dir, folder)), ['a-thumb.webp'])
})

t.test('a file that cannot be written leaves nothing', async (t) => {
  const dir = t.testdir({ images: 'a file where the folder should be' })
  await t.rejects(diskFiles(path.join(dir, 'images')).put('a.webp', Buffer.from('x')))
  t.strictSame(await readdir(dir), ['images'])
})
