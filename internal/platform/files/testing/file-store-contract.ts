import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { FileStore } from '../file-store.ts'

const text = async (store: FileStore, name: string, range?: { first: number; last: number }) => {
  const stream = await (await store.find(name))?.read(range)
  return stream && (await buffer(stream)).toString()
}

const namesIn = async (store: FileStore): Promise<readonly string[]> => {
  const names: string[] = []
  for await (const { name } of store.list()) names.push(name)
  return names.sort()
}

/** What every store of files has to do. */
export function fileStoreContract(t: Test, open: (t: Test) => Promise<FileStore>): void {
  t.test('what was put is found as it was', async (t) => {
    const store = await open(t)
    await store.put('a-thumb.webp', Buffer.from('0123456789'))
    t.equal((await store.find('a-thumb.webp'))?.bytes, 10)
    t.equal(await text(store, 'a-thumb.webp'), '0123456789')
    t.equal(await text(store, 'a-thumb.webp', { first: 0, last: 0 }), '0')
    t.equal(await text(store, 'a-thumb.webp', { first: 7, last: 9 }), '789')
  })

  t.test('a later file takes the place of the one before', async (t) => {
    const store = await open(t)
    await store.put('a.webp', Buffer.from('a longer one'))
    await store.put('a.webp', Buffer.from('new'))
    t.equal(await text(store, 'a.webp'), 'new')
    t.strictSame(await namesIn(store), ['a.webp'])
  })

  t.test('what is not there is not found, and removing it is no fault', async (t) => {
    const store = await open(t)
    t.equal(await store.find('a.webp'), undefined)
    await store.remove(['a.webp'])
    t.strictSame(await namesIn(store), [])
  })

  t.test('what was removed is gone, also for whoever has found it before', async (t) => {
    const store = await open(t)
    for (const name of ['a.webp', 'b.webp', 'c.webp']) await store.put(name, Buffer.from(name))
    const found = await store.find('a.webp')
    await store.remove(['a.webp', 'c.webp', 'd.webp'])
    t.equal(await store.find('a.webp'), undefined)
    t.equal(await found?.read(), undefined)
    t.strictSame(await namesIn(store), ['b.webp'])
  })

  t.test('the list says when a file was put', async (t) => {
    const store = await open(t)
    const before = Date.now()
    await store.put('a.webp', Buffer.from('a'))
    for await (const { changedAt } of store.list())
      t.ok(Math.abs(changedAt.getTime() - before) < 60_000, changedAt.toISOString())
  })

  t.test('twenty files at once, and the same one twenty times', async (t) => {
    const store = await open(t)
    const names = Array.from({ length: 20 }, (_, index) => `f${index}.webp`)
    await Promise.all(names.map((name) => store.put(name, Buffer.from(name))))
    await Promise.all(names.map((name) => store.put('same.webp', Buffer.from(name))))
    t.strictSame(await namesIn(store), [...names, 'same.webp'].sort())
    t.ok(names.includes((await text(store, 'same.webp')) ?? ''), 'one of them as a whole')
  })

  t.test('a name that leads elsewhere is no name', async (t) => {
    const store = await open(t)
    const names = [
      '',
      '.',
      '..',
      '../a.webp',
      'a/b.webp',
      'a\\b',
      '/etc/passwd',
      'a\0',
      'A.webp',
      'a'.repeat(200),
    ]
    for (const name of names) {
      await t.rejects(store.put(name, Buffer.from('x')), /is no name/, name)
      await t.rejects(store.find(name), /is no name/, name)
      await t.rejects(store.remove([name]), /is no name/, name)
    }
    t.strictSame(await namesIn(store), [])
  })
}
