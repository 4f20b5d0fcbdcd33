import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import t from 'tap'

const root = path.resolve(import.meta.dirname, '..')
const pages = path.join(root, 'dist', 'web')

/** Of JavaScript, after gzip, that a browser needs for the first page. */
const firstPageBytes = { shop: 90_000, console: 260_000 } as const

t.before(() => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/web.mjs'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
})

for (const [name, most] of Object.entries(firstPageBytes)) {
  const index = path.join(pages, name, 'index.html')
  const isPlanned = !existsSync(path.join(root, 'web', 'src', name, 'main.tsx'))
  const skip = isPlanned && `there is no ${name} yet`

  t.test(`the first page of the ${name} has at most ${most} bytes of scripts`, { skip }, async (t) => {
    const scripts = (await assetsOf(index)).filter((file) => file.endsWith('.js'))
    t.ok(scripts.length > 0)
    const sizes = await Promise.all(scripts.map(async (file) => (await stat(`${file}.gz`)).size))
    const sum = sizes.reduce((total, size) => total + size, 0)
    t.ok(sum <= most, `${sum} bytes`)
    t.comment(`${name}: ${sum} bytes`)
  })

  t.test(
    `the page of the ${name} has nothing in itself that its policy would refuse`,
    { skip },
    async (t) => {
      const html = await readFile(index, 'utf8')
      t.notMatch(html, /<style|style=|<script(?![^>]* src=)|\son\w+=/)
      for (const file of await assetsOf(index)) t.ok(existsSync(file), file)
    },
  )
}

/** The files that the page names. */
async function assetsOf(index: string): Promise<readonly string[]> {
  const html = await readFile(index, 'utf8')
  return [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, file = '']) =>
    path.join(pages, file),
  )
}
