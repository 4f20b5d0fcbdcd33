import { control } from './control.ts'
import { fateOf, noFaults, type Fate } from './faults.ts'
import { json, type HttpAnswer, type HttpRequest } from './http.ts'
import { mollieApi, mollieError } from './mollie/mollie-api.ts'
import { payPage } from './pay-page.ts'
import { Denied, type Dialect } from './payment.ts'
import { wake } from './payment-steps.ts'
import { stripeApi, stripeError } from './stripe/stripe-api.ts'
import { openTx, type Tx } from './tx.ts'
import { emptyWorld, isKept, type KeptAnswer, type Put, type World } from './world.ts'

/**
 * The sandbox without I/O: a request makes puts and an answer. Whoever runs it stores the puts before it answers, and
 * sends the deliveries that are due. The same seed, times and requests give the same answers.
 */
export type Sandbox = {
  readonly world: World
  readonly handle: (request: HttpRequest, now: number) => Handled
  /** Lets time alone do its work: attempts end, authorizations lapse, refunds are decided. */
  readonly tick: (now: number) => readonly Put[]
}

export type Handled = {
  readonly puts: readonly Put[]
  readonly answer: HttpAnswer
  /** `hang`: nobody answers. `reset`: the connection ends without an answer. */
  readonly manner: 'answer' | 'hang' | 'reset'
}

export type SandboxOptions = {
  readonly world: World
  readonly random: () => number
  readonly publicUrl: string
}

export const newWorld = (): World => emptyWorld(noFaults)

export function createSandbox({ world, random, publicUrl }: SandboxOptions): Sandbox {
  const open = (now: number, key: string): Tx => openTx({ world, random, now, publicUrl, key })
  return {
    world,
    handle(request, now) {
      const tx = open(now, request.headers['idempotency-key'] ?? '')
      const dialect = dialectOf(request.path)
      if (dialect !== undefined) return call(tx, dialect, request)
      const answer = attempt(tx, request.path.startsWith('/pay/') ? payPage : control, request, plainError)
      return { puts: tx.puts, answer: answer.answer, manner: 'answer' }
    },
    tick(now) {
      const tx = open(now, '')
      for (const ref of [...world.sleepers]) {
        const payment = world.payments.get(ref)
        if (payment?.wakeAt !== undefined && payment.wakeAt <= now) tx.save(wake(payment))
      }
      return tx.puts
    },
  }
}

function dialectOf(path: string): Dialect | undefined {
  if (path.startsWith('/v1/')) return 'stripe'
  return path.startsWith('/v2/') ? 'mollie' : undefined
}

const apis = {
  stripe: { answer: stripeApi, error: stripeError, key: /^Bearer sk_test_\w+$/ },
  mollie: { answer: mollieApi, error: mollieError, key: /^Bearer test_\w+$/ },
} as const

/** A call of a provider's API: its key is checked, a repeated one is answered from memory, and the faults do their work. */
function call(tx: Tx, dialect: Dialect, request: HttpRequest): Handled {
  const api = apis[dialect]
  if (!api.key.test(request.headers.authorization ?? '')) {
    const denied = new Denied(401, '', 'Invalid API Key provided: this sandbox takes test keys only.')
    return { puts: [], answer: api.error(denied, tx), manner: 'answer' }
  }
  const fate = fateOf(tx.world.faults, tx.random)
  const kept = keptAnswer(tx, dialect, request)
  if (kept) return replay(tx, kept, fate, request)
  if (fate === 'hang') return { puts: [], answer: fault, manner: 'hang' }
  if (fate === 'fail') {
    // Some failures come before a call is begun, and others are stored as its answer.
    if (tx.random() < 0.5) keep(tx, dialect, request, fault)
    return { puts: tx.puts, answer: fault, manner: 'answer' }
  }
  const { answer, isDone } = attempt(tx, api.answer, request, api.error)
  const failsAfter = fate === 'do-then-fail'
  const isReset = failsAfter && tx.random() < 0.5
  const given = failsAfter && !isReset ? fault : answer
  // Stripe keeps the failure as the answer. Mollie keeps what it has done.
  if (isDone) keep(tx, dialect, request, dialect === 'stripe' ? given : answer)
  return { puts: tx.puts, answer: given, manner: isReset ? 'reset' : 'answer' }
}

const fault = json(500, {
  status: 500,
  title: 'Internal Server Error',
  error: { type: 'api_error', message: 'An error that the sandbox was told to make.' },
})

function attempt(
  tx: Tx,
  handler: (tx: Tx, request: HttpRequest) => HttpAnswer,
  request: HttpRequest,
  shown: (denied: Denied, tx: Tx) => HttpAnswer,
): { readonly answer: HttpAnswer; readonly isDone: boolean } {
  try {
    return { answer: handler(tx, request), isDone: true }
  } catch (err) {
    if (!(err instanceof Denied)) throw err
    return { answer: shown(err, tx), isDone: err.isKept }
  }
}

const plainError = ({ status, code, message }: Denied): HttpAnswer => json(status, { code, message })

function keptAnswer(tx: Tx, dialect: Dialect, { method }: HttpRequest): KeptAnswer | undefined {
  const kept = method === 'POST' && tx.key !== '' ? tx.world.keys.get(`${dialect} ${tx.key}`) : undefined
  return kept && isKept(kept, tx.now) ? kept : undefined
}

function keep(tx: Tx, dialect: Dialect, request: HttpRequest, { status, body }: HttpAnswer): void {
  if (request.method !== 'POST' || tx.key === '' || (dialect === 'mollie' && status >= 500)) return
  const value = { key: `${dialect} ${tx.key}`, dialect, request: sameness(request), status, body, at: tx.now }
  tx.put({ table: 'key', value })
}

/** A repeated call gets what the first one got, even if that was a failure, unless the network fails once more. */
function replay(
  tx: Tx,
  { request, status, body, dialect }: KeptAnswer,
  fate: Fate,
  given: HttpRequest,
): Handled {
  if (fate === 'hang') return { puts: [], answer: fault, manner: 'hang' }
  if (fate === 'do-then-fail') return { puts: [], answer: fault, manner: 'reset' }
  if (request !== sameness(given)) {
    const type = 'idempotency_error'
    const message =
      'Keys for idempotent requests can only be used with the same parameters they were first used with.'
    return {
      puts: [],
      answer: apis[dialect].error(new Denied(dialect === 'stripe' ? 400 : 409, '', message, { type }), tx),
      manner: 'answer',
    }
  }
  const answer = { ...json(status, null), body }
  return {
    puts: [],
    answer: { ...answer, headers: { ...answer.headers, 'idempotent-replayed': 'true' } },
    manner: 'answer',
  }
}

const sameness = ({ method, path, body }: HttpRequest): string => `${method} ${path} ${body}`
