// Shows what the token says. Without a good one, an expired one included, the page goes to the login.
const token = sessionStorage.getItem('token')
const answer = await fetch(
  '/user/data',
  token === null ? {} : { headers: { Authorization: `Bearer ${token}` } },
)

if (answer.ok) {
  const { authorizedData } = await answer.json()
  document.querySelector('#data').textContent = JSON.stringify(authorizedData, null, 2)
} else {
  sessionStorage.removeItem('token')
  location.replace('login.html')
}
