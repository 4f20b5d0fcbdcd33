import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { publishedSubjects } from './published-subjects.ts'

t.test('every event of the contracts can be asked for', (t) => {
  const files = readdirSync('proto', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('events.proto'),
  )
  const declared = files.flatMap((file) =>
    [...readFileSync(`proto/${file}`, 'utf8').matchAll(/\(platform\.v1\.subject\) = "(.+?)"/g)].map(
      ([, subject]) => subject!,
    ),
  )
  t.ok(declared.length > 60)
  t.same([...publishedSubjects].sort(), declared.sort())
  t.end()
})
