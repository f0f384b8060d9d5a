// The first thing a newcomer does: start it and paste the three printed lines. Run as printed, at two starts.
import { describe, expect, test } from 'vitest'
import { newFolder, run, startServer } from '../server-process.ts'

function pastedLines(output: string): string {
  const lines = output.split('\n').filter(line => /^(curl|TOKEN=)/.test(line))
  expect(lines).toHaveLength(3)
  return lines.join('\n')
}

describe('the printed lines', () => {
  test('work as pasted, at the first start and at the second', async () => {
    const folder = newFolder()
    for (const firstAnswer of ['"username":"ada"', 'username_taken']) {
      const server = await startServer({ folder })
      const { stdout } = await run('bash', ['-c', pastedLines(server.output())])
      expect(stdout).toContain(firstAnswer)
      expect(stdout).toContain('"message":"Successful log in"')
      expect(await server.end()).toBe(0)
    }
  })

  test('of the page at / work as they stand there, after those of the terminal', async () => {
    const server = await startServer()
    await run('bash', ['-c', pastedLines(server.output())])
    const page = await (await fetch(server.url)).text()
    const [, shown = ''] = /<pre[^>]*>(curl [^<]*)</.exec(page) ?? []
    const { stdout } = await run('bash', ['-c', shown.replaceAll('&#39;', "'").replaceAll('&quot;', '"')])
    expect(stdout).toContain('"message":"Successful log in"')
    expect(stdout).toContain('"username":"grace"')
    expect(page).toContain('href="/outbox"')
    await server.end()
  })

  test('stand on the page at / too, which says what runs here and loads nothing from elsewhere', async () => {
    const server = await startServer()
    const answer = await fetch(server.url)
    const page = await answer.text()
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page).toContain('Your login server is running')
    expect(page).toContain(`${server.url}/user/register`)
    expect(
      page.match(/(?:src|href)="([^"]*)"/g)?.filter(found => !/="(\/(?!\/)|#|data:)/.test(found)),
    ).toEqual([])
    expect((await fetch(`${server.url}/assets/style.css`)).headers.get('content-type')).toContain('text/css')
    await server.end()
  })
})
