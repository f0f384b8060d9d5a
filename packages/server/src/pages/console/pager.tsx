// What stands under a list that goes on: the way back to its beginning, and the next page.

export interface PageLinks {
  /** Where the list begins; undefined on its first page. */
  first: string | undefined
  /** The next page; undefined on the last. */
  next: string | undefined
}

interface PagerProps extends PageLinks {
  shown: number
  /** What is listed, one and several of it. */
  of: readonly [one: string, several: string]
  /** Whether filters may have left a page short: then it says so. */
  isSearch?: boolean
}

export function Pager({ first, next, shown, of, isSearch = false }: PagerProps) {
  const isShort = isSearch && next !== undefined && shown < pageSize
  return (
    <nav class="pager" aria-label="Pages">
      <span>
        {shown === 1 ? `1 ${of[0]}` : `${shown} ${of[1]}`}
        {isShort ? ' so far; there is more to look through' : next !== undefined && ' on this page'}
      </span>
      <span>
        {first !== undefined && (
          <a class="button quiet small" href={first}>
            First page
          </a>
        )}
        {next !== undefined && (
          <a class="button quiet small" href={next} rel="next">
            Next page
          </a>
        )}
      </span>
    </nav>
  )
}

/** How many rows a page of a list has. */
export const pageSize = 50
