// Debian's Chromium, for the tests of the pages. Where it cannot be had they are skipped, and say so.
import { spawnSync } from 'node:child_process'

const longestMs = 5 * 60_000

/** Only root may install packages. Returns at once when there is a Chromium already. */
export function installChromium() {
  if (process.getuid?.() !== 0 || spawnSync('which', ['chromium']).status === 0) return
  console.log('\ninstalling chromium')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status, error, stderr } = spawnSync('apt-get', ['-qq', ...args], {
      env,
      encoding: 'utf8',
      timeout: longestMs,
    })
    if (status === 0) continue
    console.log(`  apt-get ${args[0]} failed: ${error?.message ?? stderr.trim()}`)
    return
  }
}
