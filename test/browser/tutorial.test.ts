// The tutorial's two pages in a real browser: the login, the data, and the way back when the token is over.
import { expect, test } from 'vitest'
import { exampleFile, startExample } from '../../examples/test/start-example.ts'
import { dummyUser } from '../../examples/tutorial-express/server/models/dummyUser.ts'
import { bearer } from '../account.ts'
import { useStage } from './use-stage.ts'

const stage = useStage()

test('the tutorial’s pages sign in, show the data, and lead back to the login when the token is over', async () => {
  const program = exampleFile('tutorial-express/server/index.ts')
  const { url } = await startExample(program, { env: { LATCHKEY_ACCESS_TTL: '4s' } })
  const page = await stage.context.newPage()
  await page.goto(url)
  await page.waitForURL('**/login.html')

  const submit = async (password: string): Promise<void> => {
    await page.getByLabel('Username').fill(dummyUser.username)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  await submit('not the one at all')
  await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/name or the password is wrong/)
  await submit(dummyUser.password)
  await page.locator('#data', { hasText: `"username": "${dummyUser.username}"` }).waitFor()

  // Good for four seconds: asked again and again until it is not.
  const token = await page.evaluate(() => sessionStorage.getItem('token'))
  const status = async () => (await fetch(`${url}/user/data`, bearer(token ?? ''))).status
  await expect.poll(status, { timeout: 20_000, interval: 100 }).toBe(403)
  await page.reload()
  await page.waitForURL('**/login.html')
})
