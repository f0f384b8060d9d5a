// The name of a heading in an address, as GitHub makes it: the files and the site have the same.

/** Of a heading as it is read: without the marks of code and links. */
export const anchorOf = heading =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-')
