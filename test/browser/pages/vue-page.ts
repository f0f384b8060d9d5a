// The session in Vue.
import { createClient } from 'latchkey/client'
import { LatchkeyProvider, useSession } from 'latchkey/vue'
import { createApp, defineComponent, h } from 'vue'
import { ada } from '../../account.ts'

const Session = defineComponent({
  setup() {
    const { user, status, signIn, signOut } = useSession()
    return () =>
      h('main', [
        h('p', { id: 'shown' }, `${status.value} ${user.value?.username ?? 'nobody'}`),
        h('button', { id: 'sign-in', onClick: () => signIn(ada) }, 'Sign in'),
        h('button', { id: 'sign-out', onClick: () => signOut() }, 'Sign out'),
      ])
  },
})

const client = createClient({ url: '/' })
createApp({ render: () => h(LatchkeyProvider, { client }, () => h(Session)) }).mount('#app')
