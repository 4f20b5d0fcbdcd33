// Finds the files of a run and how each of them is run. The name of a test file tells what it needs:
//   NAME.e2e.test.ts       whole services, in processes of their own
//   NAME.int.test.ts       real servers
//   NAME.campaign.test.ts  minutes of load or of faults, or thousands of runs; they run only with
//                          `npm run test:campaigns`, or when they are named
//   NAME.test.ts           nothing: it shares a process with others, unless it says why it cannot (see ownProcess)
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

const folders = ['cmd', 'internal', 'tools', 'scripts', 'examples']

/** Files that start services take longest, so they run first. */
const kinds = ['campaign', 'e2e', 'int', 'unit']

/** A unit test that changes something of the whole process begins with this comment, which gives the reason. */
const ownProcess = /^\/\/ In a process of its own: \S/m

/** A test that judges speeds begins with this comment, which gives the reason: no other file runs beside it. */
const ownMachine = /^\/\/ With the machine to itself: \S/m

/** `wanted` has files or beginnings of their paths. Unless campaigns are run, a campaign has to be named in full. */
export async function testFiles(root, wanted, { campaigns = false } = {}) {
  const all = (await Promise.all(folders.map((folder) => filesIn(root, folder)))).flat()
  const inRun = ({ kind }) => (kind === 'campaign') === campaigns
  const prefixes = wanted.map((name) => path.relative(root, path.resolve(root, name)))
  const isWanted = (file) =>
    prefixes.length === 0
      ? inRun(file)
      : prefixes.some((prefix) => file.name === prefix || (inRun(file) && file.name.startsWith(prefix)))
  const chosen = all.filter(isWanted)
  chosen.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.name.localeCompare(b.name))
  const isWhole = chosen.length === all.filter(inRun).length && chosen.every(inRun)
  return { chosen, isWhole }
}

async function filesIn(root, folder) {
  const names = await readdir(path.join(root, folder), { recursive: true }).catch(() => [])
  return Promise.all(
    names
      .filter((name) => name.endsWith('.test.ts'))
      .map(async (name) => {
        const file = path.join(folder, name)
        const kind = /\.(campaign|e2e|int)\.test\.ts$/.exec(file)?.[1] ?? 'unit'
        const text = await readFile(path.join(root, file), 'utf8')
        const isAlone = kind !== 'unit' || ownProcess.test(text)
        return { name: file, kind, isAlone, hasMachine: ownMachine.test(text), needsServers: kind !== 'unit' }
      }),
  )
}
