// The three error classes of the old library. They are functions, not classes, because old code calls them
// (`util.inherits`, `.call(this)`), and `name` and `message` are enumerable, because old code answers with
// `res.json(error)`.

/** What is wrong with a token or with the call. */
export interface JsonWebTokenError extends Error {
  inner: Error
}

/** The token does not count yet. */
export interface NotBeforeError extends JsonWebTokenError {
  /** The instant from which the token counts. */
  date: Date
}

/** The token has expired. */
export interface TokenExpiredError extends JsonWebTokenError {
  expiredAt: Date
}

/** What `verify` throws, or gives to its callback. */
export type VerifyErrors = JsonWebTokenError | NotBeforeError | TokenExpiredError

type ErrorConstructorOf<Made, Detail extends unknown[]> = {
  new (message: string, ...detail: Detail): Made
  readonly prototype: Made
}

type Fields = Error & Record<string, unknown>

function setUp(error: Fields, name: string, message: string): void {
  Error.captureStackTrace(error, error.constructor)
  error.name = name
  error.message = message
}

function inherit(child: { prototype: object }, parent: { prototype: object }): void {
  child.prototype = Object.create(parent.prototype)
  Object.assign(child.prototype, { constructor: child })
}

function JsonWebTokenErrorFunction(this: Fields, message: string, inner?: Error): void {
  setUp(this, 'JsonWebTokenError', message)
  if (inner) this['inner'] = inner
}

function NotBeforeErrorFunction(this: Fields, message: string, date: Date): void {
  setUp(this, 'NotBeforeError', message)
  this['date'] = date
}

function TokenExpiredErrorFunction(this: Fields, message: string, expiredAt: Date): void {
  setUp(this, 'TokenExpiredError', message)
  this['expiredAt'] = expiredAt
}

inherit(JsonWebTokenErrorFunction, Error)
inherit(NotBeforeErrorFunction, JsonWebTokenErrorFunction)
inherit(TokenExpiredErrorFunction, JsonWebTokenErrorFunction)
Object.defineProperty(JsonWebTokenErrorFunction, 'name', { value: 'JsonWebTokenError' })
Object.defineProperty(NotBeforeErrorFunction, 'name', { value: 'NotBeforeError' })
Object.defineProperty(TokenExpiredErrorFunction, 'name', { value: 'TokenExpiredError' })

// The casts hold because a function called with `new` returns the object that it filled in.
export const JsonWebTokenError = JsonWebTokenErrorFunction as unknown as ErrorConstructorOf<
  JsonWebTokenError,
  [inner?: Error]
>
export const NotBeforeError = NotBeforeErrorFunction as unknown as ErrorConstructorOf<
  NotBeforeError,
  [date: Date]
>
export const TokenExpiredError = TokenExpiredErrorFunction as unknown as ErrorConstructorOf<
  TokenExpiredError,
  [expiredAt: Date]
>
