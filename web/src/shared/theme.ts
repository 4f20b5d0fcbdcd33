import { keptStore, store } from './store.ts'

export type Theme = 'light' | 'dark'

/** Undefined: as the system has it. */
export const theme = keptStore<Theme | undefined>('theme', undefined)

const dark = matchMedia('(prefers-color-scheme: dark)')

export const shownTheme = (): Theme => theme.get() ?? (dark.matches ? 'dark' : 'light')

/** What shownTheme says now, for those who follow it. */
export const themeNow = store<Theme>(shownTheme())

export function startTheme(): void {
  const show = (): void => {
    themeNow.set(shownTheme())
    document.documentElement.dataset.theme = themeNow.get()
  }
  show()
  theme.subscribe(show)
  dark.addEventListener('change', show)
}
