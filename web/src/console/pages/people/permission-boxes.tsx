import { Checkbox } from '@mantine/core'
import { fieldOf, permissions } from './permissions.ts'

type PermissionBoxesProps = { readonly legend: string; readonly chosen: readonly string[] }

export function PermissionBoxes({ legend, chosen }: PermissionBoxesProps) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div className="boxes">
        {permissions.map((permission) => (
          <Checkbox
            key={permission}
            name={fieldOf(permission)}
            label={permission}
            defaultChecked={chosen.includes(permission)}
          />
        ))}
      </div>
    </fieldset>
  )
}
