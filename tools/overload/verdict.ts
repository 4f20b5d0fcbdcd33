import { noticedMs, type OverloadReport } from './overload.ts'
import { columns, wholeFigure } from '../shared/tables.ts'

export type Verdict = {
  readonly name: string
  readonly measured: string
  readonly target: string
  readonly ok: boolean
}

/**
 * The share of refusals that must be prompt. A refusal behind an accepted order on its connection has to wait for
 * that.
 */
const promptShare = 0.99
const ordersShare = 0.8
const recoveryMs = 10_000
/** The batches of a flood are larger and take more memory. More than this factor means that a queue grows. */
const memoryGrowth = 1.5
/** The share of the requests that must be sent, because a generator that cannot send them measures nothing. */
const offeredShare = 0.9
/** The share of requests that may be cut off with their connection, which a client would send again. */
const cutShare = 0.01

export function verdictsOf(report: OverloadReport): readonly Verdict[] {
  const { options, bestPerSecond, offeredPerSecond, flood, memoryMb, recoveredAfterMs, livezMs } = report
  const { sent, seconds, accepted, refused, refusedWithinSecond, cut, unanswered, others, refuse } = flood
  const answered = accepted + refused
  const other = Object.values(others).reduce((sum, count) => sum + count, 0)
  const best = (bestPerSecond.before + bestPerSecond.after) / 2
  const [bestPeak, floodPeak] = [Math.max(...memoryMb.best), Math.max(...memoryMb.flood)]
  const prompt = refused === 0 ? 0 : refusedWithinSecond / refused
  const aliveMs = Math.max(...livezMs)
  const is = (name: string, measured: string, target: string, ok: boolean): Verdict => ({
    ...{ name, measured, target, ok },
  })
  const ofBest = (name: string, perSecond: number, more: string): Verdict =>
    is(
      `${name}, of the best rate`,
      `${percent(perSecond / best)} (${wholeFigure(perSecond)} of ${wholeFigure(best)}/s${more})`,
      `≥ ${percent(ordersShare)}`,
      perSecond >= best * ordersShare,
    )
  return [
    is(
      'offered',
      `${wholeFigure(sent / seconds)}/s`,
      `${options.factor} × ${wholeFigure(bestPerSecond.before)}/s`,
      sent / seconds >= offeredPerSecond * offeredShare,
    ),
    is(
      'refused with Retry-After within 1 s',
      `${percent(prompt)} of ${wholeFigure(refused)} (p99 ${wholeFigure(refuse.p99Ms)} ms)`,
      `≥ ${percent(promptShare)}`,
      prompt >= promptShare,
    ),
    is('answered with anything else', `${other} ${JSON.stringify(others)}`, '0', other === 0),
    is(
      'not answered, or cut off',
      `${wholeFigure(unanswered)} + ${wholeFigure(cut)} of ${wholeFigure(answered + cut + unanswered)}`,
      `0 + ≤ ${percent(cutShare)}`,
      unanswered === 0 && cut <= sent * cutShare,
    ),
    ofBest('accepted', flood.acceptedPerSecond, `, p99 ${wholeFigure(flood.accept.p99Ms)} ms`),
    ofBest('decided', flood.decidedPerSecond, ''),
    is(
      'memory, of that at the best rate',
      `${(floodPeak / bestPeak).toFixed(2)} (${wholeFigure(floodPeak)} MB)`,
      `≤ ${memoryGrowth}`,
      floodPeak <= bestPeak * memoryGrowth,
    ),
    is('/livez meanwhile, at most', `${wholeFigure(aliveMs)} ms`, '≤ 1,000 ms', aliveMs <= 1_000),
    is(
      `orders in ${noticedMs} ms and decided again after`,
      recoveredAfterMs === undefined ? 'never' : `${(recoveredAfterMs / 1_000).toFixed(1)} s`,
      '≤ 10 s',
      recoveredAfterMs !== undefined && recoveredAfterMs <= recoveryMs,
    ),
  ]
}

export function verdictTable(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ name, measured, target, ok }) => [
    ok ? 'ok' : 'MISSED',
    name,
    measured,
    target,
  ])
  return `${columns(lines, { indent: '  ' }).join('\n')}\n`
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
