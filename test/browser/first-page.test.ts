// What the first page costs whoever opens it: bytes on the wire with their headers, and how soon it can be used.
import { expect, test } from 'vitest'
import { useStage } from './use-stage.ts'

const stage = useStage()
const mostBytes = 20 * 1024

test.each(['/login', '/register'])('%s is there with few bytes and nothing from elsewhere', async path => {
  const page = await stage.context.newPage()
  const devtools = await stage.context.newCDPSession(page)
  await devtools.send('Network.enable')
  const urls: string[] = []
  let bytes = 0
  devtools.on('Network.requestWillBeSent', ({ request }) => {
    if (!request.url.startsWith('data:')) urls.push(request.url)
  })
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await page.goto(stage.network.url + path, { waitUntil: 'networkidle' })
  const timing = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const [paint] = performance.getEntriesByName('first-contentful-paint')
    return { paint: paint?.startTime ?? 0, interactive: navigation?.domContentLoadedEventEnd ?? 0 }
  })
  console.log(
    `${path}: ${bytes} bytes in ${urls.length} requests; ` +
      `painted after ${timing.paint.toFixed(0)} ms, interactive after ${timing.interactive.toFixed(0)} ms`,
  )
  expect(urls.filter(url => !url.startsWith(stage.network.url))).toEqual([])
  expect(urls.length).toBeLessThan(6)
  expect(bytes).toBeGreaterThan(2_000)
  expect(bytes).toBeLessThanOrEqual(mostBytes)
})

test('a page breaks no rule of its own policy', async () => {
  const page = await stage.context.newPage()
  const complaints: string[] = []
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  for (const path of ['/', '/login', '/register', '/forgot', '/signed-out'])
    await page.goto(stage.network.url + path, { waitUntil: 'networkidle' })
  expect(complaints).toEqual([])
  await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'document.title = "taken over"'
    document.body.append(script)
  })
  expect(await page.title()).not.toBe('taken over')
  expect(complaints.join()).toContain('Content Security Policy')
})
