import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'
import { errorsMarkdown, readErrorCodes } from './errors.ts'

t.test('the codes are read out of the sources, each once, with its status', async (t) => {
  const root = t.testdir()
  const folder = path.join(root, 'internal', 'order')
  await mkdir(folder, { recursive: true })
  await writeFile(
    path.join(folder, 'one.ts'),
    `throw new Refusal('conflict', \`order.\${status}\`, \`a \${status} order | cannot\`)
     throw new Refusal('not-found', 'order.not-found', 'there is no such order')
     throw new Refusal('not-found', 'order.not-found', 'again')
     const id = parseUuid(text, 'order.invalid-id', "an order's id")
     throw new Refusal(kind, code, text)
     const faults = { 408: ['request.timeout', 'too slow'], x: ['request.too-large', 'too large'] }
     const pair = ['no', 'code']`,
  )
  await writeFile(path.join(folder, 'one.test.ts'), `new Refusal('invalid', 'test.only', '')`)
  const codes = await readErrorCodes(root)
  t.strictSame(
    codes.map(({ code, status }) => [code, status]),
    [
      ['order.…', 409],
      ['order.invalid-id', 400],
      ['order.not-found', 404],
      ['request.timeout', 408],
      ['request.too-large', 413],
    ],
  )
  t.match(errorsMarkdown(codes), '| `order.…` | 409 | a … order \\| cannot |')
  t.match(errorsMarkdown(codes), "| `order.invalid-id` | 400 | an order's id must be a UUID |")
})
