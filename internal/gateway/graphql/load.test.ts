import t from 'tap'
import { loadTogether } from './load.ts'

function loading(options: { readonly maxKeys?: number; readonly keysPerQuestion?: number } = {}) {
  const questions: (readonly string[])[] = []
  const load = loadTogether({
    ...{ none: null, maxKeys: 100, keysPerQuestion: 100, ...options },
    async read(keys) {
      questions.push(keys)
      return new Map(keys.filter((key) => key !== 'gone').map((key) => [key, `the ${key}`]))
    },
  })
  return { load, questions }
}

t.test('what is asked for at the same time is one question, with each key once', async (t) => {
  const { load, questions } = loading()
  const later = Promise.resolve().then(() => load('b'))
  t.same(await Promise.all([load('a'), load('gone'), later, load('a')]), ['the a', null, 'the b', 'the a'])
  t.same(questions, [['a', 'gone', 'b']])
  t.equal(await load('b'), 'the b', 'what is known is not asked for again')
  t.equal(await load('c'), 'the c')
  t.same(questions.slice(1), [['c']])
})

t.test('a question has only so many keys, and an answer too', async (t) => {
  const { load, questions } = loading({ maxKeys: 5, keysPerQuestion: 2 })
  const all = await Promise.allSettled(['a', 'b', 'c', 'd', 'e', 'f', 'a'].map(load))
  t.same(questions, [['a', 'b'], ['c', 'd'], ['e']])
  t.equal(all.filter(({ status }) => status === 'fulfilled').length, 6)
  await t.rejects(load('g'), { code: 'graphql.answer-too-large' })
})

t.test('whoever asked is told why there is no answer', async (t) => {
  const read = () => Promise.reject(new Error('away'))
  const load = loadTogether({ none: null, maxKeys: 9, keysPerQuestion: 9, read })
  const all = await Promise.allSettled([load('a'), load('b')])
  t.ok(all.every(({ status }) => status === 'rejected'))
})
