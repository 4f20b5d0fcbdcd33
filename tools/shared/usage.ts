import { parseArgs } from 'node:util'
import { UsageError, type Option } from './options.ts'

type Options = Readonly<Record<string, Option<unknown>>>

export type Values<Declared extends Options> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Option<infer Value> ? Value : never
}

/** Declares the command line of a tool. Its help is made from the same declaration. */
export type Command<Declared extends Options> = {
  /** The forms of the command as it is typed, such as "npm run bench [-- OPTIONS]". */
  readonly forms: readonly string[]
  /** What the tool does. */
  readonly about: string
  readonly options: Declared
  /** The meaning of the exit codes, and where to read more. */
  readonly after: string
  /** The one required argument besides the options, such as FILE. Undefined when there is none. */
  readonly operand?: string
  /** Returns what is wrong with the combination of the options, or undefined when nothing is. */
  readonly complain?: (values: Values<Declared>) => string | undefined
}

export type CommandLine<Declared extends Options> = {
  readonly values: Values<Declared>
  /** Empty when the command has none. */
  readonly operand: string
}

/** Returns the values, or the help when that was asked for. Throws a UsageError that ends with the help. */
export function readCommandLine<Declared extends Options>(
  command: Command<Declared>,
  args: readonly string[],
): CommandLine<Declared> | string {
  const help = helpOf(command)
  try {
    const { given, operands } = parse(command, args)
    if (given.help === true) return help
    const values = Object.fromEntries(
      Object.entries(command.options).map(([name, option]) => [name, valueOf(option, name, given[name])]),
    ) as Values<Declared> // each value was read by the option of its name
    const complaint = command.complain?.(values)
    if (complaint !== undefined) throw new UsageError(complaint)
    return { values, operand: theOperand(command.operand, operands) }
  } catch (err) {
    if (err instanceof UsageError) throw new UsageError(`${err.message}\n${help}`)
    throw err
  }
}

type Given = Readonly<Record<string, string | boolean | undefined>>

function parse({ options, operand }: Omit<Command<Options>, 'complain'>, args: readonly string[]) {
  const declared = Object.entries(options).map(([name, { takes }]) => {
    return [name, { type: takes === undefined ? 'boolean' : 'string' }] as const
  })
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: operand !== undefined,
      options: { ...Object.fromEntries(declared), help: { type: 'boolean', short: 'h' } },
    })
    return { given: values as Given, operands: positionals } // no option may be repeated
  } catch (err) {
    // parseArgs throws only errors. Their further lines hint at spellings and are left out.
    throw new UsageError((err as Error).message.split('\n')[0])
  }
}

function valueOf(option: Option<unknown>, name: string, given: string | boolean | undefined): unknown {
  return given === undefined ? option.otherwise : option.read(String(given), `--${name}`)
}

function theOperand(name: string | undefined, operands: readonly string[]): string {
  if (name === undefined) return ''
  const [operand, ...more] = operands
  if (operand === undefined) throw new UsageError(`which ${name}?`)
  if (more.length > 0) throw new UsageError(`one ${name} at a time`)
  return operand
}

const helpWidth = 110

function helpOf({ forms, about, options, after }: Omit<Command<Options>, 'complain'>): string {
  const lines = Object.entries(options).map(([name, { takes, help }]) => {
    return [takes === undefined ? `--${name}` : `--${name} ${takes}`, help] as const
  })
  const all = [...lines, ['--help', 'shows this text'] as const]
  const width = Math.max(...all.map(([label]) => label.length)) + 4
  return [
    ...forms.map((form, index) => `${index === 0 ? 'usage: ' : '       '}${form}`),
    '',
    ...wrapped(about, helpWidth),
    ...all.flatMap(([label, help]) =>
      wrapped(help, helpWidth - width).map((line, index) =>
        index === 0 ? `  ${label}`.padEnd(width) + line : ' '.repeat(width) + line,
      ),
    ),
    ...after.split('\n').flatMap((line) => wrapped(line, helpWidth)),
  ].join('\n')
}

/**
 * Wraps text to lines of this width. Longer words are not broken, and indented lines, such as those of a list, stay
 * whole.
 */
function wrapped(text: string, width: number): readonly string[] {
  if (text.length <= width || text.startsWith(' ')) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
