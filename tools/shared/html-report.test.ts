import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t from 'tap'
import { htmlOf, saveHtml } from './html-report.ts'
import { svgOf, type BarPlot, type CoursePlot } from './plots.ts'

const bars: BarPlot = {
  ...{ kind: 'bars', title: 'Speed', unit: 'per s', parts: ['node', 'postgres'] },
  lines: [
    { name: 'orders', values: [300, 100], note: '1.02 × base' },
    { name: 'a < b', values: [100, 100] },
  ],
}
const course: CoursePlot = {
  ...{ kind: 'course', title: 'Answers', unit: 'per s', seconds: 4 },
  series: [{ name: 'ok', points: [[0, 10], [1, 20], [2, undefined], [3, 5], [4, 10]] }], // prettier-ignore
  spans: [{ name: 'postgres-kill', from: 1, to: 2 }],
}

t.test('bars are as long as their values, one part after the other', async (t) => {
  const svg = svgOf(bars)
  const widths = [...svg.matchAll(/<rect class="part(\d)" x="([\d.]+)" y="\d+" width="([\d.]+)"/g)]
  t.same(
    widths.map(([, part, x, width]) => [part, x, width]),
    [
      ...[['0', '240.0', '337.5'], ['1', '577.5', '112.5']], // prettier-ignore
      ...[['0', '240.0', '112.5'], ['1', '352.5', '112.5']], // prettier-ignore
    ],
  )
  t.match(svg, '400 · 1.02 × base')
  t.match(svg, 'a &lt; b')
  t.match(svg, '<title>orders node: 300 per s</title>')
})

t.test('a course has gaps where nothing is known, and shades for spans', async (t) => {
  const svg = svgOf(course)
  t.match(svg, 'd="M60.0 90.0L257.5 0.0M652.5 135.0L850.0 90.0"')
  t.match(svg, /<rect class="span" x="257\.5" y="0" width="197\.5" .*postgres-kill: 1 to 2 s/)
})

t.test('plots of nothing are plots', async (t) => {
  t.notMatch(svgOf({ ...bars, lines: [] }), /NaN|Infinity/)
  t.notMatch(svgOf({ ...course, series: [], spans: [] }), /NaN|Infinity/)
})

t.test(
  'a report is one file without scripts or addresses, and says nothing in the words of HTML',
  async (t) => {
    const dir = await mkdtemp(path.join(process.env.TEST_TMP_DIR ?? tmpdir(), 'report-'))
    t.teardown(() => rm(dir, { recursive: true }))
    const file = path.join(dir, 'new', 'report.html')
    const sections = [{ title: 'Rates', plots: [bars, course], text: 'a | b\n<script>1</script>' }]
    await saveHtml(file, { title: 'Bench & co', about: 'two cores', sections })
    const html = await readFile(file, 'utf8')
    t.match(html, '<title>Bench &amp; co</title>')
    t.match(html, '&lt;script&gt;1&lt;/script&gt;')
    t.notMatch(html, /<script|https?:|src=|href=/)
    t.equal(html.match(/<svg/g)?.length, 2)
    t.equal(htmlOf({ title: 't', about: '', sections: [] }).match(/<section/g), null)
  },
)
