import t from 'tap'
import { readProcesses } from './roots.ts'

/** As /proc shows it, shortened. */
const statusOf = (name: string, pid: number, parent: number, uids: string): string =>
  `Name:\t${name}\nUmask:\t0022\nPid:\t${pid}\nPPid:\t${parent}\nUid:\t${uids}\nGid:\t0\t0\t0\t0\n`

t.test('who runs as root in a container', async (t) => {
  const text = [
    statusOf('node', 1, 0, '1000\t1000\t1000\t1000'),
    statusOf('helper', 7, 1, '1000\t0\t1000\t1000'),
    statusOf('child', 9, 7, '0\t0\t0\t0'),
    statusOf('sh', 20, 0, '0\t0\t0\t0'),
    statusOf('cat', 26, 20, '0\t0\t0\t0'),
  ].join('')
  t.same(
    readProcesses(text),
    [
      { name: 'node', isRoot: false },
      { name: 'helper', isRoot: true },
      { name: 'child', isRoot: true },
    ],
    'whoever has one of its ids, but not who looks',
  )
  t.same(readProcesses('sh: cat: not found\n'), [], 'nothing can be seen')
})
