import { useEffect } from 'react'
import { useTexts } from '../texts/texts.ts'

/** The title of the page, which is the first thing that a screen reader says of it. */
export function useTitle(title: string): void {
  const { brand } = useTexts()
  useEffect(() => {
    document.title = `${title} · ${brand}`
  }, [title, brand])
}
