import { spawn } from 'node:child_process'
import { chown, mkdir, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Disk } from './field.ts'
import { execute } from '../../internal/local/system.ts'
import type { Scope } from '../../internal/platform/run.ts'

const pieceBytes = 4_194_304

/** Mounts a tmpfs at `dir` for the owner of `like`. Throws where that is not allowed. */
export async function mountDisk(scope: Scope, dir: string, bytes: number, like: string): Promise<Disk> {
  await mkdir(dir, { recursive: true })
  const { uid, gid } = await stat(like)
  await execute('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700,uid=${uid},gid=${gid}`, 'tmpfs', dir])
  const dismiss = unmountInTheEnd(dir)
  scope.onClose(`disk ${dir}`, async () => dismiss())
  await chown(dir, uid, gid)
  const filler = path.join(dir, 'chaos-filler')
  return {
    async fill() {
      const handle = await open(filler, 'w')
      let written = 0
      try {
        for (const piece = Buffer.alloc(pieceBytes); ;) written += (await handle.write(piece)).bytesWritten
      } catch (err) {
        if ((err as { code?: string }).code !== 'ENOSPC') throw err
        return written
      } finally {
        await handle.close()
      }
    },
    free: () => rm(filler, { force: true }),
  }
}

/** Starts a shell that unmounts when our end of its pipe is closed. The kernel closes it even after `kill -9`. */
function unmountInTheEnd(dir: string): () => Promise<void> {
  const shell = spawn('/bin/sh', ['-c', 'read -r word; umount -l "$1"', 'sh', dir], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.stdin.on('error', () => undefined)
  return () =>
    new Promise((resolve) => {
      shell.once('exit', () => resolve())
      shell.stdin.end('done\n')
    })
}
