import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { root } from '../../scripts/root.mjs'

t.test('each log line that docs/operations.md explains is one that the code writes', async (t) => {
  const guide = await readFile(path.join(root, 'docs', 'operations.md'), 'utf8')
  const section = guide.slice(guide.indexOf('### Log lines'), guide.indexOf('## Dead letters'))
  const firstCells = section.split('\n').flatMap((row) => /^\| (`.*?`) +\|/.exec(row)?.[1] ?? [])
  const lines = firstCells.flatMap((cell) => cell.split(', ').map((line) => line.replaceAll('`', '')))
  t.ok(lines.length > 8)
  const code = await sources()
  for (const line of lines) t.ok(code.includes(line), line)
})

async function sources(): Promise<string> {
  const files = await readdir(path.join(root, 'internal'), { recursive: true })
  const ours = files.filter((file) => file.endsWith('.ts') && !file.includes('.test.'))
  const texts = await Promise.all(ours.map((file) => readFile(path.join(root, 'internal', file), 'utf8')))
  return texts.join('\n')
}
