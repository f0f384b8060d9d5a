// What administrators' writes ask for, and what their challenge says (RFC 9470).

/** The longest time since the login, in seconds. */
export const freshLoginSeconds = 15 * 60
