// npm run docs:events: docs/events.md and docs/asyncapi.json from the contracts.
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { asyncApi } from './events/asyncapi.ts'
import { readEvents } from './events/contracts.ts'
import { eventsMarkdown } from './events/markdown.ts'
import { root } from './root.mjs'

/** What the files should hold, by their path. */
export async function eventDocs(): Promise<ReadonlyMap<string, string>> {
  const events = await readEvents()
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  const markdown = path.join(root, 'docs', 'events.md')
  const style = await resolveConfig(markdown)
  return new Map([
    [markdown, await format(eventsMarkdown(events), { ...style, parser: 'markdown' })],
    [
      path.join(root, 'docs', 'asyncapi.json'),
      `${JSON.stringify(asyncApi(events, version), undefined, 2)}\n`,
    ],
  ])
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [file, text] of await eventDocs()) await writeFile(file, text)
}
