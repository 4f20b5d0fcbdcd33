import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { format, resolveConfig } from 'prettier'
import { root } from '../../scripts/root.mjs'
import { errorsMarkdown, readErrorCodes } from './errors.ts'
import { brokerUsersFile } from './broker-users.ts'
import { asyncApi } from './events/asyncapi.ts'
import { readEvents } from './events/contracts.ts'
import { eventsMarkdown } from './events/markdown.ts'
import { graphqlSchema, openApiDocument, problemCodes } from './sdk.ts'
import { envExample, settingsMarkdown } from './settings.ts'

/** What the generated documents should hold, by their path. */
export async function generatedDocs(): Promise<ReadonlyMap<string, string>> {
  const events = await readEvents()
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  const style = await resolveConfig(path.join(root, 'docs', 'events.md'))
  const markdown = (text: string): Promise<string> => format(text, { ...style, parser: 'markdown' })
  const codes = await readErrorCodes(root)
  const docs = (name: string): string => path.join(root, 'docs', name)
  return new Map([
    [docs('events.md'), await markdown(eventsMarkdown(events))],
    [docs('asyncapi.json'), `${JSON.stringify(asyncApi(events, version), undefined, 2)}\n`],
    [docs('settings.md'), await markdown(settingsMarkdown())],
    [docs('schema.graphql'), await format(await graphqlSchema(), { ...style, parser: 'graphql' })],
    [docs('errors.md'), await markdown(errorsMarkdown(codes))],
    [path.join(root, 'deploy', 'nats-users.conf'), brokerUsersFile()],
    [path.join(root, '.env.example'), envExample()],
    [path.join(root, 'sdk', 'openapi.json'), await openApiDocument()],
    [path.join(root, 'sdk', 'src', 'codes.gen.ts'), problemCodes(codes)],
  ])
}
