import fc from 'fast-check'
import t from 'tap'
import { isAtMost, isStorable, isStorableLine, jsonLength, lengthOf, tidy, utf8Length } from './text.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.string({ unit: 'grapheme', maxLength: 50 }),
)

t.test('lengths are those of code points, of UTF-8 and of JSON', (t) => {
  const property = fc.property(anyText, fc.nat(60), (text, max) => {
    t.equal(lengthOf(text), Array.from(text).length)
    t.equal(isAtMost(text, max), Array.from(text).length <= max)
    t.equal(utf8Length(text), Buffer.byteLength(text))
    t.equal(jsonLength(text), Buffer.byteLength(JSON.stringify(text)))
  })
  fc.assert(property)
  t.end()
})

t.test('each way to write the same characters is tidied into one', (t) => {
  const property = fc.property(anyText, (text) => {
    t.equal(tidy(` ${text.normalize('NFD')}\t`), tidy(text))
    t.equal(tidy(tidy(text)), tidy(text))
  })
  fc.assert(property)
  t.end()
})

t.test(
  'control characters and halves of pairs are not stored, except for breaks in text of several lines',
  (t) => {
    const everyControl = Array.from({ length: 0xa0 }, (_, code) => code).filter(
      (code) => code < 0x20 || code >= 0x7f,
    )
    for (const code of everyControl) {
      const text = `a${String.fromCharCode(code)}b`
      t.notOk(isStorableLine(text), `${code} in a line`)
      t.equal(isStorable(text), [9, 10, 13].includes(code), `${code} in lines`)
    }
    for (const half of ['\ud800', '\udc00', 'a\ud83d', '\udf81\ud83c'])
      t.notOk(isStorable(half) || isStorableLine(half))
    for (const text of ['', 'Grüße', '🎁', '日本', 'a b'])
      t.ok(isStorable(text) && isStorableLine(text), text)
    t.end()
  },
)
