import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { later, webhookDelivery } from './testing/fixtures.ts'
import { messageOf } from './infrastructure/webhooks/call-endpoint.ts'

// The lines of docs/webhooks.md that verify a signature are run as they stand there, each by its own interpreter.

type Language = {
  readonly fence: string
  /** The interpreter; a machine without it skips the language. */
  readonly program: string
  readonly file: string
  readonly run: readonly string[]
  /** What surrounds the lines: they find `secret`, `id`, `timestamp`, `body` and `signatures`. It prints yes or no. */
  readonly before: string
  readonly after: string
}

const languages: readonly Language[] = [
  {
    ...{ fence: 'js', program: process.execPath, file: 'verify.mjs', run: [] },
    before: 'const [secret, id, timestamp, body, signatures] = process.argv.slice(2)',
    after: "console.log(isOurs ? 'yes' : 'no')",
  },
  {
    ...{ fence: 'python', program: 'python3', file: 'verify.py', run: [] },
    before: 'import sys\nsecret, id, timestamp, body, signatures = sys.argv[1:]\nbody = body.encode()',
    after: 'print("yes" if is_ours else "no")',
  },
  {
    ...{ fence: 'php', program: 'php', file: 'verify.php', run: [] },
    before: '<?php [, $secret, $id, $timestamp, $body, $signatures] = $argv;',
    after: "echo $isOurs ? 'yes' : 'no';",
  },
  {
    ...{ fence: 'ruby', program: 'ruby', file: 'verify.rb', run: [] },
    before: 'secret, id, timestamp, body, signatures = ARGV',
    after: "puts is_ours ? 'yes' : 'no'",
  },
  {
    ...{ fence: 'go', program: 'go', file: 'verify.go', run: ['run'] },
    before: `package main
import ("crypto/hmac"; "crypto/sha256"; "encoding/base64"; "fmt"; "os"; "strings")
func main() {
secret, id, timestamp, body, signatures := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]`,
    after: 'if isOurs { fmt.Println("yes") } else { fmt.Println("no") }\n}',
  },
]

const run = promisify(execFile)
const guide = await readFile('docs/webhooks.md', 'utf8')
const secret = 'whsec_dGhlIHNlY3JldCBvZiBhIHRlc3QgZW5kcG9pbnQh'
const other = 'whsec_YW5vdGhlciBzZWNyZXQgb2YgYSB0ZXN0IGVuZHBvaW50'
const at = later(0)
const delivery = webhookDelivery({ data: '{"order":{"note":"Größe \\"M\\""}}' })

function signed(secrets: readonly string[]) {
  const { headers, body } = messageOf({ url: 'https://example.com/hook', secrets, delivery, at })
  return {
    ...{ id: headers['webhook-id'], timestamp: headers['webhook-timestamp'], body },
    signatures: headers['webhook-signature'],
  }
}

const isThere = async ({ program, fence }: Language): Promise<boolean> =>
  run(program, [fence === 'go' ? 'version' : '--version']).then(
    () => true,
    () => false,
  )

for (const language of languages) {
  const { fence, program, file } = language
  const lines = new RegExp('```' + fence + '\\n([^]*?)```').exec(guide)?.[1] ?? ''
  const skip = (await isThere(language)) ? false : `this machine has no ${program}`
  t.test(`the lines in ${fence} tell our signatures from others`, { skip }, async (t) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'webhooks-guide-'))
    t.teardown(() => rm(dir, { recursive: true }))
    await writeFile(path.join(dir, file), `${language.before}\n${lines}\n${language.after}\n`)
    const says = async ({ id, timestamp, body, signatures }: ReturnType<typeof signed>) => {
      const args = [...language.run, path.join(dir, file), secret, id, timestamp, body, signatures]
      return (await run(program, args)).stdout.trim()
    }
    t.equal(await says(signed([secret])), 'yes')
    t.equal(await says(signed([other, secret])), 'yes', 'one of two fits, after a rotation')
    t.equal(await says(signed([other])), 'no')
    t.equal(await says({ ...signed([secret]), body: '{}' }), 'no')
    t.equal(await says({ ...signed([secret]), timestamp: '1' }), 'no')
    t.equal(await says({ ...signed([secret]), signatures: 'v1,AAAA' }), 'no')
  })
}
