import { fileURLToPath } from 'node:url'
import { createLatchkey } from '@latchkey/server'
import express from 'express'
import { ensureDummyUser } from './models/dummyUser.ts'
import { userRoutes } from './routes/api/userRoutes.ts'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createLatchkey({ issuer: `http://localhost:${port}` })
await ensureDummyUser(auth)

const app = express()
app.use(express.static(fileURLToPath(new URL('../public', import.meta.url))))
app.use(userRoutes(auth))

app.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}`))
