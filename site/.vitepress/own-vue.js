// A plugin of Vite: pages lie outside of site/, and still get the Vue that is installed in it.
import { fileURLToPath } from 'node:url'

const site = fileURLToPath(new URL('..', import.meta.url))

export const ownVue = {
  name: 'own-vue',
  enforce: 'pre',
  resolveId(source, importer, options) {
    if (!/^vue(\/|$)/.test(source) || importer === undefined || importer.startsWith(site)) return undefined
    return this.resolve(source, `${site}package.json`, { ...options, skipSelf: true })
  },
}
