// A server of this bench, in a process of its own: Express with one route behind one guard. Tells its parent where it
// listens, and on each message what it has spent.
import express from 'express'
import { pinTo } from '../pin-to-core.js'
import { guards } from './guards-of-today.js'

process.once('message', async ({ name, keys, core }) => {
  if (core !== undefined) pinTo(core)
  const counted = { misses: 0, cookie: undefined }
  const guard = await guards[name].make(keys, counted)
  const app = express()
  app.disable('x-powered-by')
  app.get('/notes', guard, (_request, response) => {
    response.json({ notes: ['Buy brass.', 'Oil the lock.'] })
  })
  const server = app.listen(0, '127.0.0.1', () => {
    process.send({ port: server.address().port, cookie: counted.cookie })
  })
  process.on('message', () => process.send({ cpu: process.cpuUsage(), misses: counted.misses }))
})
