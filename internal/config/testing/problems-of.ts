import { ConfigError, loadConfig } from '../config.ts'
import type { Env } from '../read-settings.ts'

/** The lines that a start with these settings would end with. */
export function problemsOf(env: Env): readonly string[] {
  try {
    loadConfig(env)
    return []
  } catch (err) {
    if (err instanceof ConfigError) return err.message.split('\n')
    throw err
  }
}
