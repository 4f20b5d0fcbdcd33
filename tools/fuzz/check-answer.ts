import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Document } from './document.ts'
import type { FuzzRequest } from './make-request.ts'
import type { FuzzAnswer } from './send.ts'

/** Returns what is wrong with an answer, in words, or undefined when nothing is. */
export type CheckAnswer = (request: FuzzRequest, answer: FuzzAnswer) => string | undefined

const stableCode = /^[a-z]+(-[a-z0-9]+)*(\.[a-z]+(-[a-z0-9]+)*)?$/
/** Matches texts that an answer shows only because of a bug. */
const innards = /node_modules|\/internal\/|\.ts:\d|Prisma|select .* from/i

export function answerChecker(document: Document): CheckAnswer {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats.default(ajv)
  ajv.addSchema(document, 'api')
  const validators = new Map<string, ValidateFunction>()
  const validatorOf = (pointer: string): ValidateFunction => {
    const validator = validators.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` })
    validators.set(pointer, validator)
    return validator
  }

  function checkBody(pointer: string, { body, headers }: FuzzAnswer): string | undefined {
    const type = (headers.get('content-type') ?? '').split(';')[0] ?? ''
    const text = body.toString('utf8')
    if (!type.endsWith('json')) return undefined
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return `the body is no JSON: ${text.slice(0, 200)}`
    }
    const validate = validatorOf(pointer)
    if (validate(value)) return undefined
    return `the body is not as its schema says: ${ajv.errorsText(validate.errors)}: ${text.slice(0, 300)}`
  }

  return (request, answer) => {
    const general = checkGenerally(request, answer)
    if (general !== undefined || request.method === 'HEAD') return general
    const { operation, method } = request
    const isProblem = answer.status >= 400 && operation.path !== '/readyz'
    // Methods that are not in the document are answered with problems too.
    if (method !== operation.method)
      return isProblem ? checkBody('/components/schemas/Problem', answer) : undefined
    const key = [String(answer.status), `${String(answer.status)[0] ?? ''}XX`].find(
      (one) => one in operation.responses,
    )
    if (key === undefined)
      return isOfServer(answer)
        ? checkBody('/components/schemas/Problem', answer)
        : `${answer.status} is not documented`
    const { content } = operation.responses[key] ?? {}
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
    if (!content) return answer.body.length > 0 ? 'a body where none is documented' : undefined
    if (!(type in content)) return `content type ${type} is not documented for ${answer.status}`
    const path = ['paths', operation.path, method.toLowerCase(), 'responses', key, 'content', type, 'schema']
    return content[type]?.schema ? checkBody(path.map(pointerPart).join(''), answer) : undefined
  }
}

/** The statuses for requests that reach no route, because they are malformed, too large or too many. */
const isOfServer = ({ status }: FuzzAnswer): boolean => [400, 404, 408, 413, 431, 503].includes(status)

function checkGenerally(
  { method, operation }: FuzzRequest,
  { status, headers, body }: FuzzAnswer,
): string | undefined {
  const text = body.toString('utf8')
  if (status === 503 || status === 429) {
    if (!/^\d+$/.test(headers.get('retry-after') ?? '')) return `${status} without Retry-After`
  } else if (status >= 500) return `${status}: ${text.slice(0, 300)}`
  if (status < 400 || method === 'HEAD' || operation.path === '/readyz') return undefined
  if (!headers.get('content-type')?.startsWith('application/problem+json'))
    return `${status} without problem+json`
  if (innards.test(text)) return `it tells of its innards: ${text.slice(0, 300)}`
  try {
    const problem = JSON.parse(text) as { readonly code?: unknown; readonly status?: unknown }
    if (typeof problem.code !== 'string' || !stableCode.test(problem.code))
      return `no stable code: ${String(problem.code)}`
    if (problem.status !== status) return `the body says ${String(problem.status)} and the answer ${status}`
  } catch {
    return `the problem is no JSON: ${text.slice(0, 200)}`
  }
  return status === 401 && !headers.has('www-authenticate') ? '401 without WWW-Authenticate' : undefined
}

const pointerPart = (part: string): string =>
  `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`
