// The three lines that work as pasted, for the terminal and the page at /.

/** Commands that make a user, sign in and read the guarded route. The first may answer that the user exists. */
export function tryItLines(
  url: string,
  { username, password }: { username: string; password: string },
): readonly string[] {
  return [
    `curl -F username=${username} -F password='${password}' ${url}/user/register`,
    `TOKEN=$(curl -s -H 'Accept: text/plain' -F username=${username} -F password='${password}' ${url}/user/login)`,
    `curl -H "Authorization: Bearer $TOKEN" ${url}/user/data`,
  ]
}
