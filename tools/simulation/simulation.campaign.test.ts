import t from 'tap'
import { missingIn, runCampaign } from './campaign.ts'

/** The seeds are split into parts, so that no test exceeds its time limit on a busy machine. */
const parts = 8
const seedsPerPart = 125
const counts = new Map<string, number>()

for (let part = 0; part < parts; part++) {
  const from = 1 + part * seedsPerPart
  t.test(`no invariant breaks in the runs ${from} to ${from + seedsPerPart - 1}`, async (t) => {
    const campaign = await runCampaign({ from, seeds: seedsPerPart })
    for (const [what, times] of campaign.counts) counts.set(what, (counts.get(what) ?? 0) + times)
    const repeat = `npm run simulate -- --from ${campaign.failure?.seed ?? from} --seeds 1`
    t.same(campaign.failure?.violations, undefined, repeat)
  })
}

t.test('every kind of fault has struck, and everything that must happen has happened', async (t) => {
  t.same(missingIn(counts), [])
})
