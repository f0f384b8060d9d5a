// docs/reference/library.md, from the declarations of both packages.
import { escaped } from './markdown.js'

/** The page of all imports, in the order of the packages' export maps. */
export function libraryPage(entries) {
  return entries.map(entryText).join('\n\n')
}

function entryText({ import: from, own, again }) {
  const values = own.filter(one => one.isValue)
  const types = own.filter(one => !one.isValue)
  return [
    `## ${from}`,
    ...(again.length === 0 ? [] : [`Gives as well: ${again.map(alsoText).join(', ')}.`]),
    ...values.map(one => exportText(one, '###')),
    ...types.map(one => exportText(one, '####')),
  ].join('\n\n')
}

const alsoText = ({ name, home }) => `\`${name}\` of \`${home}\``

function exportText({ name, comment, texts, parents }, mark) {
  return [
    `${mark} ${name === 'default' ? 'The default export' : name}`,
    ...(comment === '' ? [] : [escaped(comment)]),
    // Overloads stand together; a type and a value of one name do not.
    ...(texts.every(text => /^(?:\/\*\*.*?\*\/\n)?function /s.test(text))
      ? [block(texts.join('\n'))]
      : texts.map(block)),
    ...(parents.length === 0 ? [] : ['With what it extends:', ...parents.map(block)]),
  ].join('\n\n')
}

const block = text => `\`\`\`ts declaration\n${text}\n\`\`\``
