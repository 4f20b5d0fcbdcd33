import type { WriteStream } from 'node:tty'

export type Progress = {
  /** Shows `work` while it runs; it calls `tick` once for each of `total`. */
  readonly during: <Result>(
    name: string,
    total: number,
    work: (tick: (remark?: string) => void) => Promise<Result>,
  ) => Promise<Result>
}

export type Terminal = Pick<WriteStream, 'write'> & { readonly isTTY?: boolean }

const barWidth = 30
const drawEveryMs = 100
const lineEveryMs = 2_000

/** A bar on a terminal; elsewhere (a log file, CI) a line every two seconds, and one at the end. */
export function showProgress(out: Terminal, now: () => number = () => performance.now()): Progress {
  const isTty = out.isTTY === true
  return {
    async during(name, total, work) {
      const startedAt = now()
      let [done, remark] = [0, '']
      const line = (): string => {
        const seconds = `${((now() - startedAt) / 1_000).toFixed(1)} s`
        const counts = [`${name} ${done}/${total}`, remark, seconds].filter((part) => part !== '').join(' · ')
        return isTty ? `\r${bar(done, total)} ${counts}\u001b[K` : `  ${counts}\n`
      }
      const timer = setInterval(() => out.write(line()), isTty ? drawEveryMs : lineEveryMs)
      try {
        return await work((newRemark) => {
          done++
          remark = newRemark ?? remark
        })
      } finally {
        clearInterval(timer)
        out.write(line() + (isTty ? '\n' : ''))
      }
    },
  }
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? barWidth : Math.round((done / total) * barWidth)
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}]`
}
