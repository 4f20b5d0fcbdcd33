import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { overflow, type InboxMail, type Limits } from '../domain/mail.ts'
import { readMail, type RawMail } from './read-mail.ts'

/** The mails that have come, a file for each, so that `kill -9` loses none that was accepted. */
export type MailFolder = {
  /** Resolves when the mail is on the disk. The oldest ones go when there are too many. */
  readonly add: (mail: RawMail) => Promise<void>
  readonly newestFirst: () => readonly InboxMail[]
  readonly find: (id: string) => InboxMail | undefined
  readonly clear: () => Promise<void>
}

const extension = '.mail'

export async function openMailFolder(dir: string, limits: Limits): Promise<MailFolder> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  // Ids are made in the order of arrival. What was written in part only was never accepted.
  const mails = new Map<string, InboxMail>()
  for (const name of (await readdir(dir)).sort()) {
    if (name.endsWith(extension)) {
      const mail = await readMail(fromFile(await readFile(path.join(dir, name), 'utf8')))
      mails.set(mail.id, mail)
    } else if (name.endsWith('.new')) await rm(path.join(dir, name), { force: true })
  }
  const remove = async (id: string): Promise<void> => {
    mails.delete(id)
    await rm(path.join(dir, `${id}${extension}`), { force: true })
  }
  return {
    async add(raw) {
      const mail = await readMail(raw)
      await writeMail(dir, raw)
      mails.set(mail.id, mail)
      for (const { id } of overflow([...mails.values()], limits)) await remove(id)
    },
    newestFirst: () => [...mails.values()].reverse(),
    find: (id) => mails.get(id),
    async clear() {
      for (const id of mails.keys()) await remove(id)
    },
  }
}

async function writeMail(dir: string, mail: RawMail): Promise<void> {
  const fresh = path.join(dir, `${mail.id}.new`)
  const file = await open(fresh, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify({ ...mail, raw: mail.raw.toString('base64') }))
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(fresh, path.join(dir, `${mail.id}${extension}`))
  const folder = await open(dir, 'r')
  await folder.sync()
  await folder.close()
}

function fromFile(text: string): RawMail {
  const read = JSON.parse(text) as Omit<RawMail, 'raw'> & { readonly raw: string } // written by `writeMail`
  return { ...read, raw: Buffer.from(read.raw, 'base64') }
}
