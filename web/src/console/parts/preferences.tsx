import { NativeSelect, Button } from '@mantine/core'
import { chooseLanguage, language, languages, type Language } from '../../shared/language.ts'
import { useStore } from '../../shared/store.ts'
import { theme, themeNow } from '../../shared/theme.ts'
import { languageNames, speak, useTexts } from '../texts/texts.ts'

export function Preferences() {
  const texts = useTexts()
  const spoken = useStore(language)
  const colours = useStore(themeNow)
  const other = colours === 'dark' ? 'light' : 'dark'
  const choose = (next: Language): void => void speak(next).then(() => chooseLanguage(next))
  return (
    <div className="preferences">
      <NativeSelect
        aria-label={texts.language}
        size="xs"
        value={spoken}
        onChange={({ currentTarget }) => choose(currentTarget.value as Language)} // of the list
        data={languages.map((value) => ({ value, label: languageNames[value] }))}
      />
      <Button variant="default" size="xs" onClick={() => theme.set(other)}>
        {texts.colours[other]}
      </Button>
    </div>
  )
}
