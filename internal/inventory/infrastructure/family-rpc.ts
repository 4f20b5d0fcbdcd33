import type { InventoryService } from '../../gen/inventory/v1/inventory_pb.ts'
import { fitting } from '../../platform/message-size.ts'
import { utf8Length } from '../../platform/text.ts'
import type { Handlers } from '../../platform/service.ts'
import type { InventoryApp } from '../application/inventory-app.ts'
import { familyJson, memberJson } from '../catalogue/infrastructure/family-json.ts'
import { parseFamilyId } from '../domain/ids.ts'

export function familyRpc(app: InventoryApp) {
  return {
    async listFamilies({ limit, afterId }) {
      const before = afterId === undefined ? undefined : parseFamilyId(afterId)
      const { families, next } = await app.listFamilies(limit, before)
      return { families: families.map(familyJson), nextId: next }
    },
    async getFamily({ id }) {
      const { family, members } = await app.getFamily(parseFamilyId(id))
      return { family: familyJson(family), members: members.map(memberJson) }
    },
    async readFamilies({ ids }) {
      const found = await app.readFamilies(ids.map(parseFamilyId))
      const families = found.families.map(({ family, members }) => ({
        ...{ family: familyJson(family), members: members.map(memberJson) },
      }))
      const count = fitting(families, (family) => utf8Length(JSON.stringify(family)))
      const left = families.slice(count).map(({ family }) => family.id)
      return { families: families.slice(0, count), unreadIds: [...left, ...found.unread] }
    },
    async createFamily(input, call) {
      const { result, isReplay } = await app.createFamily(input, call)
      return { family: familyJson(result), replayed: isReplay }
    },
    async updateFamily({ id, expectedVersion, name }, call) {
      const changed = { id: parseFamilyId(id), expectedVersion }
      return { family: familyJson(await app.updateFamily(changed, name, call)) }
    },
    async deleteFamily({ id, expectedVersion }, call) {
      await app.deleteFamily({ id: parseFamilyId(id), expectedVersion }, call)
      return {}
    },
  } satisfies Partial<Handlers<typeof InventoryService>>
}
