// A login server and guarded routes in one NestJS application. Decorators need a compiler: `nest start`, or esbuild.
import 'reflect-metadata'
import { createLatchkey } from '@latchkey/server'
import { mount } from '@latchkey/server/express'
import { Controller, Get, Module, Post, Req } from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { Request } from 'express'
import { Public, protect, Scopes } from 'latchkey/nest'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createLatchkey({
  issuer: `http://localhost:${port}`,
  roles: { admin: ['*'], writer: ['notes:write'] },
})

@Controller()
class AppController {
  @Public()
  @Get()
  hello() {
    return { hello: 'everybody' }
  }

  @Get('notes')
  notes(@Req() request: Request) {
    return { notes: [], of: request.auth.user?.username }
  }

  @Scopes('notes:write')
  @Post('notes')
  write(@Req() request: Request) {
    return { by: request.auth.user?.username }
  }
}

@Module({
  controllers: [AppController],
  // One guard for every route; @Public() opens one.
  providers: [{ provide: APP_GUARD, useClass: protect(auth.guard) }],
})
class AppModule {}

const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error'] })
app.use(mount(auth))
await app.listen(port, '127.0.0.1')
console.log(`http://localhost:${port}`)
