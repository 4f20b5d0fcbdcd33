import t from 'tap'
import { sharedAnswers, type SharedAnswer, type SharedAnswersOptions } from './shared-answers.ts'

/** A store with a clock of its own, and reads that the test ends. */
function store(options: Partial<SharedAnswersOptions> = {}) {
  const clock = { ms: 0 }
  let readings = 0
  const answers = sharedAnswers({
    maxAgeMs: 1_000,
    maxCharacters: 1_000,
    maxChanges: 100,
    nowMs: () => clock.ms,
    onReading: () => {
      readings++
    },
    ...options,
  })
  const reading = (text: string, shows: readonly string[] = []) => {
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => (end = resolve))
    const read = async (): Promise<SharedAnswer> => {
      await ended
      return { text, headers: {}, shows }
    }
    return { read, end }
  }
  const put = (key: string, text: string, shows: readonly string[] = []) => {
    const { read, end } = reading(text, shows)
    end()
    return answers.get(key, read)
  }
  return { answers, clock, reading, put, readings: () => readings }
}

t.test('an answer is kept for its age, counted from the beginning of its reading', async (t) => {
  const { answers, clock, reading } = store()
  const { read, end } = reading('old')
  const got = answers.get('/a', read)
  clock.ms = 400
  end()
  t.equal((await got).text, 'old')
  clock.ms = 999
  t.equal(answers.find('/a')?.text, 'old')
  clock.ms = 1_000
  t.equal(answers.find('/a'), undefined)
})

t.test('a change ends the answers that show it, and no others', async (t) => {
  const { answers, put } = store()
  await put('/one', '1', ['one'])
  await put('/two', '2', ['two'])
  await put('/both', '12', ['one', 'two'])
  answers.changed(['one'])
  t.equal(answers.find('/one'), undefined)
  t.equal(answers.find('/both'), undefined)
  t.equal(answers.find('/two')?.text, '2')
  await put('/one', '1b', ['one'])
  t.equal(answers.find('/one')?.text, '1b', 'what is read after it is kept again')
})

t.test('what was read before a change and comes after it is not kept', async (t) => {
  const { answers, reading } = store()
  const { read, end } = reading('before', ['one'])
  const got = answers.get('/one', read)
  answers.changed(['one'])
  end()
  t.equal((await got).text, 'before', 'who asked before the change may have it')
  t.equal(answers.find('/one'), undefined)
})

t.test('those who come together share one reading', async (t) => {
  const { answers, reading, readings } = store()
  const { read, end } = reading('shared')
  const all = Promise.all(Array.from({ length: 64 }, () => answers.get('/a', read)))
  end()
  t.same(new Set((await all).map(({ text }) => text)), new Set(['shared']))
  t.equal(readings(), 1)
})

t.test('who comes after a change does not share a reading from before it, but the next one', async (t) => {
  const { answers, reading, readings } = store()
  const before = reading('before', ['one'])
  const after = reading('after', ['one'])
  const early = answers.get('/one', before.read)
  answers.changed(['one'])
  const late = Promise.all(Array.from({ length: 8 }, () => answers.get('/one', after.read)))
  before.end()
  after.end()
  t.equal((await early).text, 'before')
  t.same(new Set((await late).map(({ text }) => text)), new Set(['after']))
  t.equal(readings(), 2)
})

t.test('who comes during a slow reading does not get what is too old', async (t) => {
  const { answers, clock, reading } = store()
  const slow = reading('slow')
  const next = reading('next')
  const first = answers.get('/a', slow.read)
  clock.ms = 900
  const second = answers.get('/a', next.read)
  clock.ms = 1_000
  slow.end()
  next.end()
  t.equal((await first).text, 'slow')
  t.equal((await second).text, 'next')
})

t.test('a failure is told to those who began it, and is not kept', async (t) => {
  const { answers, put, readings } = store()
  const fail = async (): Promise<never> => Promise.reject(new Error('away'))
  const [first, second] = await Promise.allSettled([answers.get('/a', fail), answers.get('/a', fail)])
  t.match(first, { status: 'rejected', reason: { message: 'away' } })
  t.match(second, { status: 'rejected', reason: { message: 'away' } })
  t.equal(readings(), 2, 'who came during it has asked once more')
  t.equal((await put('/a', 'back')).text, 'back')
})

t.test('there is room for so many characters: the answers that nobody has asked for lately go', async (t) => {
  const { answers, put } = store({ maxCharacters: 100 })
  await put('/1', 'x'.repeat(38))
  await put('/2', 'x'.repeat(38))
  t.ok(answers.find('/1'))
  await put('/3', 'x'.repeat(38))
  t.equal(answers.find('/2'), undefined)
  t.ok(answers.find('/1'))
  t.ok(answers.find('/3'))
  await put('/1', 'x'.repeat(58))
  t.ok(answers.find('/3'), 'one that is read again counts once')
  await put('/4', 'x'.repeat(200))
  t.equal(answers.find('/4'), undefined, 'nothing is larger than all')
  t.ok(answers.find('/1'), 'and nothing has to go for it')
})

t.test('what is too old makes room by itself', async (t) => {
  const { clock, put, answers } = store({ maxCharacters: 100 })
  await put('/old', 'x'.repeat(60))
  clock.ms = 1_000
  await put('/1', 'x'.repeat(48))
  await put('/2', 'x'.repeat(48))
  t.ok(answers.find('/1'))
  t.ok(answers.find('/2'))
})

t.test('with more changes than are remembered nothing from before them is given', async (t) => {
  const { answers, put, reading } = store({ maxChanges: 3 })
  await put('/a', 'a', ['a'])
  const { read, end } = reading('b', ['b'])
  const got = answers.get('/b', read)
  answers.changed(['c', 'd', 'e'])
  t.ok(answers.find('/a'))
  answers.changed(['f'])
  end()
  await got
  t.equal(answers.find('/a'), undefined)
  t.equal(answers.find('/b'), undefined)
  await put('/a', 'a again', ['a'])
  t.equal(answers.find('/a')?.text, 'a again')
})
