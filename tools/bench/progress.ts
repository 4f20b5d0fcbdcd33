import type { WriteStream } from 'node:tty'

export type Progress = {
  /** Shows what is being done, and for how long; `tell` says more. */
  readonly during: <Result>(
    name: string,
    work: (tell: (remark: string) => void) => Promise<Result>,
  ) => Promise<Result>
}

const drawEveryMs = 200
const lineEveryMs = 5_000
const firstLineMs = 2_000

/** One line that changes on a terminal; elsewhere a line now and then, and one at the end. */
export function showProgress(out: Pick<WriteStream, 'write'> & { readonly isTTY?: boolean }): Progress {
  const isTty = out.isTTY === true
  return {
    async during(name, work) {
      const startedAt = performance.now()
      let remark = ''
      const draw = (end: string): void => {
        const seconds = `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`
        const line = [name, remark, seconds].filter((part) => part !== '').join(' · ')
        out.write(isTty ? `\r  ${line}\u001b[K${end}` : `  ${line}\n`)
      }
      if (isTty) draw('')
      const first = isTty ? undefined : setTimeout(() => draw(''), firstLineMs)
      const timer = setInterval(() => draw(''), isTty ? drawEveryMs : lineEveryMs)
      try {
        return await work((text) => (remark = text))
      } finally {
        clearTimeout(first)
        clearInterval(timer)
        draw('\n')
      }
    },
  }
}
