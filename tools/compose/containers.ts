import { readFile } from 'node:fs/promises'
import type { EngineApi } from './engine-api.ts'

/** A container of the project as it is now. */
export type Container = {
  readonly id: string
  /** With its number: order-2. */
  readonly name: string
  readonly service: string
}

export type ContainerState = {
  readonly isRunning: boolean
  readonly exitCode: number
  /** The main process, by the engine's numbers. */
  readonly pid: number
  /** Another after each start. */
  readonly startedAt: string
  /** Undefined: nothing checks it. */
  readonly health: string | undefined
  /** What the last check printed. */
  readonly said: string
}

export type Ran = { readonly exitCode: number; readonly output: string }

export type Containers = {
  readonly all: () => Promise<readonly Container[]>
  readonly stateOf: (container: Container) => Promise<ContainerState>
  /** kill -9; resolves with how it was done. */
  readonly kill: (container: Container) => Promise<string>
  readonly restart: (container: Container) => Promise<void>
  /** Runs a command in the container, as the container's user. */
  readonly run: (container: Container, command: readonly string[]) => Promise<Ran>
  readonly log: (container: Container) => Promise<string>
}

type Listed = { readonly Id: string; readonly Labels: Readonly<Record<string, string>> }
type Inspected = {
  readonly State: {
    readonly Running: boolean
    readonly ExitCode: number
    readonly Pid: number
    readonly StartedAt: string
    readonly Health?: {
      readonly Status: string
      readonly Log?: readonly { readonly Output: string }[] | null
    }
  }
}

const label = 'com.docker.compose'
const stopWithinSeconds = 30

/** The containers of one compose project. */
export function containersOf(api: EngineApi, project: string): Containers {
  const path = ({ id }: Container, rest: string): string => `/containers/${id}/${rest}`

  async function stateOf(container: Container): Promise<ContainerState> {
    const { State: state } = await api.get<Inspected>(path(container, 'json'))
    return {
      isRunning: state.Running,
      exitCode: state.ExitCode,
      pid: state.Pid,
      startedAt: state.StartedAt,
      health: state.Health?.Status || undefined,
      said: state.Health?.Log?.at(-1)?.Output.trim() ?? '',
    }
  }

  return {
    stateOf,
    async all() {
      const filters = JSON.stringify({ label: [`${label}.project=${project}`] })
      const listed = await api.get<readonly Listed[]>(
        `/containers/json?all=true&filters=${encodeURIComponent(filters)}`,
      )
      return listed
        .map(({ Id: id, Labels: labels }) => {
          const service = labels[`${label}.service`] ?? ''
          return { id, service, name: `${service}-${labels[`${label}.container-number`] ?? ''}` }
        })
        .sort((a, b) => a.name.localeCompare(b.name))
    },
    async kill(container) {
      const { pid } = await stateOf(container)
      // As the kernel or a bug would end it: the engine only sees that it is gone.
      if (await isIn(pid, container)) {
        process.kill(pid, 'SIGKILL')
        return 'kill -9'
      }
      // The engine is on another machine, or in a virtual one. It takes its own kill for the operator's wish, and starts nothing again.
      await api.post(path(container, 'kill?signal=SIGKILL'))
      await api.post(path(container, 'start'))
      return "the engine's kill and start"
    },
    async restart(container) {
      await api.post(path(container, `restart?t=${stopWithinSeconds}`))
    },
    async run(container, command) {
      // With a terminal the output comes as it is, else in frames.
      const wanted = { Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true }
      const { Id } = JSON.parse(await api.post(path(container, 'exec'), wanted)) as { readonly Id: string }
      const output = await api.post(`/exec/${Id}/start`, { Detach: false, Tty: true })
      const { ExitCode } = await api.get<{ readonly ExitCode: number }>(`/exec/${Id}/json`)
      return { exitCode: ExitCode, output: output.replaceAll('\r\n', '\n') }
    },
    // Each part of it begins with a header of a few bytes.
    log: async (container) =>
      (await api.getText(path(container, 'logs?stdout=true&stderr=true&tail=200'))).replace(
        /[^\n\P{Cc}]/gu,
        '',
      ),
  }
}

/** Whether that process of this machine is the container's: the engine may count processes of another machine. */
async function isIn(pid: number, { id }: Container): Promise<boolean> {
  if (pid <= 1 || process.platform !== 'linux') return false
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')
  return groups.includes(id)
}
