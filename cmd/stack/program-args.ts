import path from 'node:path'

/** The arguments of Node that run another program of ours. From the sources, as in tests, it needs this process' loader. */
export function programArgs(program: string): readonly string[] {
  const extension = path.extname(import.meta.filename)
  const main = path.join(import.meta.dirname, '..', program, `main${extension}`)
  return [...(extension === '.ts' ? ['--import=tsx'] : []), main]
}
