import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../platform/refusal.ts'
import { isTooDeep } from './json-depth.ts'
import { deepestJson } from './limits.ts'
import { composeIn, refuseUnstorableIn } from './text.ts'

/** Bodies must be JSON. An empty body counts as no body. */
export function acceptJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer // because of `parseAs`
    if (bytes.length === 0) {
      done(null, undefined)
      return
    }
    if (!isUtf8(bytes)) {
      done(new Refusal('invalid', 'request.malformed-json', 'the body is not UTF-8'))
      return
    }
    if (isTooDeep(bytes, deepestJson)) {
      done(tooDeep())
      return
    }
    const text = bytes.toString('utf8')
    // This parser refuses `__proto__` too, which no honest body has.
    void parse(request, text, (err, value: unknown) => {
      if (err) {
        done(malformed())
        return
      }
      if (mayBeDecomposed(text)) composeIn(value)
      done(mayHideUnstorable(text) ? problemWith(value) : null, value)
    })
  })
}

/** In valid UTF-8 JSON, the characters that cannot be stored can only appear as escapes, except for these few. */
const mayHideUnstorable = (text: string): boolean => /\\[ubf]|[\x7f-\x9f]/.test(text)

/** Characters that combine with the one before begin there, as themselves or as escapes. */
const mayBeDecomposed = (text: string): boolean => /[\u0300-\uffff]|\\u/.test(text)

function problemWith(value: unknown): Error | null {
  try {
    refuseUnstorableIn(value, 'the body')
    return null
  } catch (err) {
    return err as Error // only refusals are thrown
  }
}

const malformed = (): Refusal =>
  new Refusal('invalid', 'request.malformed-json', 'the body is not valid JSON')

const tooDeep = (): Refusal =>
  new Refusal('invalid', 'request.too-deep', `the body is deeper than ${deepestJson} lists and objects`)
