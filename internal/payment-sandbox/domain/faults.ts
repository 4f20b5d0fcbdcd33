/** What the sandbox does wrong on purpose. Rates are from 0 to 1. */
export type Faults = {
  readonly webhooks: {
    readonly delayMs: number
    /** The same webhook is sent twice. */
    readonly duplicate: number
    /** It is held back, so that later ones overtake it. */
    readonly reorder: number
    /** It is never sent. */
    readonly drop: number
    /** A wrong one is sent beside it. */
    readonly forge: number
  }
  readonly calls: {
    /** A call fails, and nothing was done. */
    readonly failRate: number
    /** A call is never answered, and nothing was done. */
    readonly hangRate: number
    /** A call is carried out, and then fails or loses its connection. */
    readonly doThenFailRate: number
  }
  /** How often a customer's approval counts although the attempt had been called back. */
  readonly lateCapture: number
}

export const noFaults: Faults = {
  webhooks: { delayMs: 0, duplicate: 0, reorder: 0, drop: 0, forge: 0 },
  calls: { failRate: 0, hangRate: 0, doThenFailRate: 0 },
  lateCapture: 0,
}

const longestDelayMs = 600_000

export type ParsedFaults = { readonly faults: Faults } | { readonly problem: string }

/** Reads all faults anew: what is not named is off. A name or a number that is not known is refused. */
export function parseFaults(given: unknown): ParsedFaults {
  const problems: string[] = []
  const root = record(given, '', ['webhooks', 'calls', 'lateCapture'], problems)
  const webhooks = record(root.webhooks, 'webhooks', Object.keys(noFaults.webhooks), problems)
  const calls = record(root.calls, 'calls', Object.keys(noFaults.calls), problems)
  const rate = (value: unknown, name: string): number => numberOf(value, name, 1, problems)
  const faults: Faults = {
    webhooks: {
      delayMs: numberOf(webhooks.delayMs, 'webhooks.delayMs', longestDelayMs, problems),
      duplicate: rate(webhooks.duplicate, 'webhooks.duplicate'),
      reorder: rate(webhooks.reorder, 'webhooks.reorder'),
      drop: rate(webhooks.drop, 'webhooks.drop'),
      forge: rate(webhooks.forge, 'webhooks.forge'),
    },
    calls: {
      failRate: rate(calls.failRate, 'calls.failRate'),
      hangRate: rate(calls.hangRate, 'calls.hangRate'),
      doThenFailRate: rate(calls.doThenFailRate, 'calls.doThenFailRate'),
    },
    lateCapture: rate(root.lateCapture, 'lateCapture'),
  }
  const sum = faults.calls.failRate + faults.calls.hangRate + faults.calls.doThenFailRate
  if (sum > 1) problems.push('the rates of calls must not be more than 1 together')
  return problems.length > 0 ? { problem: problems.join('; ') } : { faults }
}

function record(
  value: unknown,
  name: string,
  known: readonly string[],
  problems: string[],
): Readonly<Record<string, unknown>> {
  if (value === undefined && name !== '') return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`${name || 'the body'} must be an object`)
    return {}
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key))
      problems.push(
        `there is no fault ${name === '' ? key : `${name}.${key}`}; known are ${known.join(', ')}`,
      )
  }
  return value as Readonly<Record<string, unknown>> // an object that is no array
}

function numberOf(value: unknown, name: string, max: number, problems: string[]): number {
  if (value === undefined) return 0
  if (typeof value === 'number' && value >= 0 && value <= max) return value
  problems.push(`${name} must be a number from 0 to ${max}`)
  return 0
}

/** What becomes of one call. */
export type Fate = 'ok' | 'fail' | 'hang' | 'do-then-fail'

export function fateOf({ calls }: Faults, random: () => number): Fate {
  const drawn = random()
  if (drawn < calls.failRate) return 'fail'
  if (drawn < calls.failRate + calls.hangRate) return 'hang'
  return drawn < calls.failRate + calls.hangRate + calls.doThenFailRate ? 'do-then-fail' : 'ok'
}
