// One Vitest for the whole workspace, a project for each part that `npm test` times. Tests run the sources: the
// `latchkey-dev` condition resolves the packages to src.
import { defineConfig } from 'vitest/config'

const conditions = ['latchkey-dev']
const allConditions = [...conditions, 'module', 'node', 'development|production']

const project = (name: string, include: string) => ({
  extends: true as const,
  test: { name, include: [include] },
})

export default defineConfig({
  resolve: { conditions: allConditions },
  ssr: { resolve: { conditions: allConditions, externalConditions: conditions } },
  test: {
    exclude: ['**/node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Twice as many as two cores: much of what is tested waits.
    maxWorkers: 4,
    projects: [
      project('latchkey', 'packages/latchkey/test/**/*.test.ts'),
      project('server', 'packages/server/test/**/*.test.ts'),
      project('whole', 'test/**/*.test.ts'),
      project('examples', 'examples/**/*.test.ts'),
    ],
  },
})
