// Statements about types, checked by the compiler alone: nothing here is ever run.

/** `true` only for two types that are the same, `any` and `unknown` told apart. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Fails to compile unless its argument's type is `true`. */
export type Expect<Statement extends true> = Statement
