import t from 'tap'
import { insist } from './insist.ts'

const never = (): Promise<never> => new Promise(() => undefined)

t.test('a question that is answered is asked once', async (t) => {
  let asked = 0
  t.equal(await insist(async () => ++asked, 10), 1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  t.equal(asked, 1)
})

t.test('one that nobody answers is asked again until somebody does', async (t) => {
  let asked = 0
  t.equal(await insist(() => (++asked < 4 ? never() : Promise.resolve(asked)), 10), 4)
})

t.test(
  'an answer that says nothing does not end the asking, and the next one that says something does',
  async (t) => {
    let asked = 0
    const ask = (): Promise<never> => Promise.reject(new Error(++asked < 4 ? 'not now' : 'no'))
    const goesOn = (err: unknown): boolean => err instanceof Error && err.message === 'not now'
    await t.rejects(insist(ask, 10, goesOn), { message: 'no' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    t.equal(asked, 4)
  },
)

t.test('the first answer counts, whatever it says', async (t) => {
  let asked = 0
  const ask = (): Promise<never> => (++asked < 3 ? never() : Promise.reject(new Error('no')))
  await t.rejects(insist(ask, 10), { message: 'no' })
})
