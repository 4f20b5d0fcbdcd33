import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import t from 'tap'
import { fetch } from 'undici'
import { filePart, formOf, formType } from '../gateway/images/testing/form.ts'
import { storedFiles, type PicturedProduct } from './testing/images.ts'
import { openOneProcess } from './testing/shop.ts'

t.setTimeout(300_000)
const shop = await openOneProcess(t)
const { api, adminToken, url, env, newProduct } = shop
const files = () => storedFiles(env.DATA_DIR ?? '')

t.test('a thousand uploads at once are bounded in memory and on the disk', async (t) => {
  const { id } = await newProduct(1)
  const pid = shop.processes.get('stack')?.[0]?.pid
  const peakKb = async (): Promise<number> =>
    Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1])
  const [before, filesBefore] = [await peakKb(), (await files()).length]
  const noise = {
    width: 300,
    height: 200,
    channels: 3,
    background: 'black',
    noise: { type: 'gaussian', mean: 128, sigma: 60 },
  } as const
  const large = await sharp({ create: noise }).png().toBuffer()
  t.ok(large.length > 100_000, `${large.length} bytes each`)
  const body = formOf([filePart(large)])
  const upload = async (): Promise<number | string> =>
    fetch(`${url}/products/${id}/images`, {
      ...{ method: 'POST', body },
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': formType },
    }).then(
      async (answer) => {
        await answer.arrayBuffer()
        if (answer.status === 503) t.ok(answer.headers.get('retry-after'))
        return answer.status
      },
      () => 'closed',
    )
  const answers = await Promise.all(Array.from({ length: 1_000 }, upload))
  // On a slow machine a connection waits so long that the server gives it up.
  t.ok(
    answers.every((status) => [201, 408, 409, 503, 'closed'].includes(status)),
    [...new Set(answers)].join(' '),
  )
  const added = answers.filter((status) => status === 201).length
  const shown = (await api.request<PicturedProduct>('GET', `/products/${id}`)).body.images.length
  t.ok(added > 0 && added <= shown && shown <= 20, `${added} were added, and ${shown} are shown`)
  t.ok((await files()).length <= filesBefore + 3 * 20, 'each reservation counts')
  const grownMb = ((await peakKb()) - before) / 1_024
  t.ok(grownMb < 300, `the peak of the memory grew by ${Math.round(grownMb)} MB`)
  await shop.auditIsClean()
})
