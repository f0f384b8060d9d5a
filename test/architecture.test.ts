// The floors of ARCHITECTURE.md, held by reading every import: downward only, no circles, nobody's inner doors.
import { describe, expect, test } from 'vitest'
import { type Import, importsOf, sourcesOf } from './imports.ts'

/** The rooms of each package, from the ground up. A room sees those before it, and itself. */
const rooms: Record<string, readonly string[]> = {
  latchkey: ['base', 'keys', 'token', 'guard', 'jsonwebtoken', 'jsonwebtoken.ts', 'client', 'index.ts'],
  server: [
    'version.ts',
    'tracing.ts',
    'hooks.ts',
    'theme',
    'words',
    'config.ts',
    'shown-settings.ts',
    'figures',
    'store',
    'hash',
    'mail',
    'auth',
    'import',
    'api',
    'pages',
    'islands',
    'http',
    'embedding.ts',
    'server.ts',
    'mount',
    'cli',
    'index.ts',
  ],
}

const packages = Object.keys(rooms)
const roomOf = (file: string): string => file.split('/')[0] ?? file

function allImports(packageName: string): Import[] {
  return sourcesOf(packageName).flatMap(file => importsOf(packageName, file))
}

function ownImports(packageName: string): Import[] {
  return allImports(packageName).filter(one => one.isOwn)
}

const shown = ({ from, to }: Import): string => `${from} → ${to}`

/** The first circle among the imports, as the files on the way round; undefined when there is none. */
function findCircle(imports: readonly Import[]): string[] | undefined {
  const targets = new Map<string, string[]>()
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to])
  const done = new Set<string>()
  const visit = (file: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const target of targets.get(file) ?? []) {
      const circle = visit(target, [...way, file])
      if (circle !== undefined) return circle
    }
    done.add(file)
    return undefined
  }
  for (const file of targets.keys()) {
    const circle = visit(file, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

describe.each(packages)('the package %s', packageName => {
  test('has every source in a room, and imports files that are there', () => {
    const sources = sourcesOf(packageName)
    expect(sources.length).toBeGreaterThan(20)
    expect(sources.filter(file => !rooms[packageName]?.includes(roomOf(file)))).toEqual([])
    const missing = ownImports(packageName).filter(({ to }) => !sources.includes(to) && !to.endsWith('.json'))
    expect(missing.map(shown)).toEqual([])
  })

  test('imports downward only', () => {
    const order = rooms[packageName] ?? []
    const upward = ownImports(packageName).filter(
      ({ from, to }) => order.indexOf(roomOf(to)) > order.indexOf(roomOf(from)),
    )
    expect(upward.map(shown)).toEqual([])
  })

  test('has no circle', () => {
    expect(findCircle(ownImports(packageName))).toBeUndefined()
  })

  test('imports no index.ts from inside', () => {
    const inner = ownImports(packageName).filter(({ to }) => to.endsWith('index.ts'))
    expect(inner.map(shown)).toEqual([])
  })
})

test('a circle and an upward arrow would be found', () => {
  const ring: Import[] = [
    { from: 'a.ts', to: 'b.ts', isOwn: true, isType: false },
    { from: 'b.ts', to: 'c.ts', isOwn: true, isType: false },
    { from: 'c.ts', to: 'b.ts', isOwn: true, isType: true },
  ]
  expect(findCircle(ring)).toEqual(['b.ts', 'c.ts', 'b.ts'])
})

test('latchkey depends on nothing but Node, and its client on nothing at all', () => {
  const outside = allImports('latchkey').filter(({ isOwn }) => !isOwn)
  // Frameworks are known by their types alone. The client's bindings are the exception: each loads its own, an
  // optional peer.
  const isBinding = ({ from, to }: Import): boolean => from === `client/${to}.ts`
  const others = outside.filter(one => !one.isType && !one.to.startsWith('node:') && !isBinding(one))
  expect(others.map(shown)).toEqual([])
  const client = allImports('latchkey').filter(({ from }) => from.startsWith('client/'))
  const allowed = (to: string): boolean =>
    to.startsWith('client/') || ['base/errors.ts', 'base/clock.ts', 'react', 'vue', 'svelte'].includes(to)
  expect(client.filter(({ to }) => !allowed(to)).map(shown)).toEqual([])
})

test('one framework’s page never imports another’s', () => {
  const pages = ['express', 'fastify', 'hono', 'koa', 'nest', 'next', 'node']
  const isPage = (file: string): boolean => pages.some(name => file === `guard/${name}.ts`)
  const between = ownImports('latchkey').filter(({ from, to }) => isPage(to) && from !== to && isPage(from))
  expect(between.map(shown)).toEqual([])
})

test('the rules see of the store its interface and records, and of HTTP and guards nothing', () => {
  const rules = allImports('server').filter(({ from }) => from.startsWith('auth/'))
  const seen = rules.filter(({ to }) => /^store\/(?!store\.ts|records\.ts)/.test(to))
  expect(seen.map(shown)).toEqual([])
  expect(rules.filter(({ to }) => /^latchkey\/|^hono|^node:http/.test(to)).map(shown)).toEqual([])
})
