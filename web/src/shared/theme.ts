import { keptStore } from './store.ts'

export type Theme = 'light' | 'dark'

/** Undefined: as the system has it. */
export const theme = keptStore<Theme | undefined>('theme', undefined)

const dark = matchMedia('(prefers-color-scheme: dark)')

export const shownTheme = (): Theme => theme.get() ?? (dark.matches ? 'dark' : 'light')

export function startTheme(): void {
  const show = (): void => void (document.documentElement.dataset.theme = shownTheme())
  show()
  theme.subscribe(show)
  dark.addEventListener('change', show)
}
