import type { WriteStream } from 'node:tty'

export type Progress = {
  /** Shows what is being done and for how long. The work may show more by `tell`. */
  readonly during: <Result>(
    name: string,
    work: (tell: (remark: string) => void) => Promise<Result>,
  ) => Promise<Result>
  /** The same for work whose amount is known. The work calls `tick` once for each of `total`. */
  readonly counting: <Result>(
    name: string,
    total: number,
    work: (tick: (remark?: string) => void) => Promise<Result>,
  ) => Promise<Result>
}

export type Terminal = Pick<WriteStream, 'write'> & { readonly isTTY?: boolean }

const barWidth = 30
const drawEveryMs = 200
/** The first line is printed after this time, because nobody likes to look at a still screen. */
const firstLineMs = 2_000
const lineEveryMs = 5_000

/**
 * On a terminal it shows one line that changes. Elsewhere, as in a log of CI, it prints a line now and then, and one
 * at the end. `now` is captured when the tool starts, because the simulation replaces the clocks of its process.
 */
export function showProgress(out: Terminal, now = performance.now.bind(performance)): Progress {
  const isTty = out.isTTY === true

  async function show<Result>(parts: () => readonly string[], work: () => Promise<Result>): Promise<Result> {
    const startedAt = now()
    const draw = (end: string): void => {
      const seconds = `${((now() - startedAt) / 1_000).toFixed(1)} s`
      const line = [...parts(), seconds].filter((part) => part !== '').join(' · ')
      out.write(isTty ? `\r  ${line}\u001b[K${end}` : `  ${line}\n`)
    }
    if (isTty) draw('')
    const first = isTty ? undefined : setTimeout(() => draw(''), firstLineMs)
    const timer = setInterval(() => draw(''), isTty ? drawEveryMs : lineEveryMs)
    try {
      return await work()
    } finally {
      clearTimeout(first)
      clearInterval(timer)
      draw('\n')
    }
  }

  return {
    during(name, work) {
      let remark = ''
      return show(
        () => [name, remark],
        () => work((text) => (remark = text)),
      )
    },
    counting(name, total, work) {
      let [done, remark] = [0, '']
      const count = (): string => `${name} ${done}/${total}`
      return show(
        () => [isTty ? `${bar(done, total)} ${count()}` : count(), remark],
        () =>
          work((newRemark) => {
            done++
            remark = newRemark ?? remark
          }),
      )
    },
  }
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? barWidth : Math.round((done / total) * barWidth)
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}]`
}
