import fc from 'fast-check'
import { parse } from 'dotenv'
import t from 'tap'
import { cutValues } from './dot-env.ts'

t.test('a value that a # cuts is found', async (t) => {
  for (const line of [
    'ADMIN_PASSWORD=longenough#1',
    'export ADMIN_PASSWORD=longenough#1',
    'ADMIN_PASSWORD = longenough#1 # mine',
    'ADMIN_PASSWORD=#secret',
    'ADMIN_PASSWORD: long#enough',
    `ADMIN_PASSWORD='it's#1'`,
    'ADMIN_PASSWORD="abc"#1',
  ])
    for (const around of ['', 'PORT=8080\n', '# a comment # with more#\n\n'])
      for (const end of ['', '\n', '\r\nPORT=1\r\n'])
        t.same(cutValues(`${around}${line}${end}`), ['ADMIN_PASSWORD'], line)
})

t.test('comments and quoted values are left alone', async (t) => {
  for (const text of [
    'PORT=8080 # the port of issue#7',
    'PORT=8080\t# the port',
    'PORT= # none',
    '# ADMIN_PASSWORD=long#enough',
    'ADMIN_PASSWORD="longenough#1"',
    "ADMIN_PASSWORD='longenough#1' # mine#",
    'ADMIN_PASSWORD=`longenough#1`',
    'KEY="one\ntwo#three\nfour"\nPORT=1',
    '',
  ])
    t.same(cutValues(text), [], text)
})

t.test('no value loses anything silently', async (t) => {
  const value = fc.stringMatching(/^[a-zA-Z0-9#]{1,12}$/)
  fc.assert(
    fc.property(value, (secret) => {
      const text = `SECRET=${secret}\n`
      const isWhole = parse(text).SECRET === secret
      t.equal(cutValues(text).length === 0, isWhole, text)
    }),
  )
})
