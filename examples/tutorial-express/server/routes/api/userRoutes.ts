// The routes under /user: login by the login server, and the guarded data.
import type { Latchkey } from '@latchkey/server'
import { mount } from '@latchkey/server/express'
import { Router } from 'express'
import { checkToken } from 'latchkey/express'

/** POST /user/login, GET /user/data; beside them what the login server has: register, refresh, logout. */
export function userRoutes(auth: Latchkey): Router {
  const router = Router()

  router.get('/user/data', checkToken(auth.guard), (req, res) => {
    res.json({ message: 'Successful log in', authorizedData: req.auth.claims })
  })
  router.use(mount(auth))
  return router
}
