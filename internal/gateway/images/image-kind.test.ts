import t from 'tap'
import { imageKindOf } from './image-kind.ts'

const kindOf = (text: string) => imageKindOf(Buffer.from(text, 'latin1'))

t.test('pictures are known by their first bytes', async (t) => {
  t.equal(kindOf('\xff\xd8\xff\xe0\0\x10JFIF'), 'jpeg')
  t.equal(kindOf('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), 'png')
  t.equal(kindOf('RIFF\0\0\0\0WEBPVP8 '), 'webp')
  t.equal(kindOf('\0\0\0\x1cftypavif\0\0\0\0'), 'avif')
})

t.test('anything else is none', async (t) => {
  const others = [
    '',
    '\xff\xd8',
    'GIF89a',
    '<svg xmlns=""/>',
    '%PDF-1.7',
    '\0\0\0\x1cftypheic',
    'RIFF\0\0\0\0WAVE',
    'BM',
  ]
  for (const text of [...others, ' \xff\xd8\xff', '<html>\xff\xd8\xff'])
    t.equal(kindOf(text), undefined, text)
})
