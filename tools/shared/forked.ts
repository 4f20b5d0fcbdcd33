import { fork, type ChildProcess } from 'node:child_process'

/** One of our programs in a child process. It exchanges messages with this process and must end when this one does. */
export type Forked = {
  readonly child: ChildProcess
  readonly pid: number
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
}

/** `program` is the main file, which may be TypeScript. */
export function forkProgram(program: string): Forked {
  const child = fork(program, {
    execArgv: program.endsWith('.ts') ? ['--import=tsx'] : [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    child,
    pid: child.pid ?? 0,
    ended,
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
