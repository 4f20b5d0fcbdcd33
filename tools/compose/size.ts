import type { Containers } from './containers.ts'
import type { EngineApi } from './engine-api.ts'
import type { Tell } from './stress.ts'

/**
 * What the services load is about 130 MB, half of it the packages of Stripe, Amazon's S3, images, fonts and phone numbers. The
 * command line of Prisma alone would be more than the rest.
 */
const mostPackagesMb = 150
const packages = '/app/node_modules'

export async function measureImage(
  api: EngineApi,
  containers: Containers,
  report: Tell,
): Promise<readonly string[]> {
  const gateway = (await containers.all()).find(({ service }) => service === 'gateway')
  if (!gateway) return ['there is no gateway']
  const { output } = await containers.run(gateway, ['du', '-sm', packages])
  const packagesMb = Number(/^\d+/.exec(output)?.[0])
  const { Size } = await api.get<{ readonly Size: number }>('/images/tillstream/json')
  report(`image: ${Math.round(Size / 1e6)} MB with its base, of which packages are ${packagesMb} MB`)
  return packagesMb <= mostPackagesMb
    ? []
    : [`${packages} is ${packagesMb} MB, and at most ${mostPackagesMb} are expected`]
}
