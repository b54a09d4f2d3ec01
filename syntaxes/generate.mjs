// Writes the TextMate grammars: one that colours SQL and arktype's definitions for each of TypeScript, TSX, JavaScript
// and JSX. `node generate.mjs` writes the files, `node generate.mjs --check` fails where one is stale.
//
// The SQL is read by rules of our own and not by the editor's SQL grammar: that one would carry a string or comment that
// is still being typed past the template's end, and knows no hole inside a string.
import { readFileSync, writeFileSync } from 'node:fs';
import { CONSTANTS, KEYWORDS, OBJECTS, TYPES } from './words.mjs';

// A word on its own, as a tag or a function is named; `orm.sql` too, `mysql` not.
const word = (name) => `(?<![\\w$])(${name})(?![\\w$])`;
const anyOf = (words) => `(?i)(?<![\\w$.])(?:${words.trim().split(/\s+/).join('|')})(?![\\w$])`;

// Where SQL can stand: what ends it, which of SQL's quotes it can hold, whether it has holes.
const HOSTS = {
  template: { close: '`', holes: true },
  single: { close: "'", holes: false },
  double: { close: '"', holes: false },
};

/** The rules for SQL inside one kind of host literal; a rule never goes past the literal's end. */
function sqlRules(lang, kind) {
  const { close, holes } = HOSTS[kind];
  const name = (it) => `#sql-${kind}-${it}`;
  const end = kind === 'template' ? '(?=`)' : `(?=${close}|$)`;
  const hole = holes ? [{ include: '#hole' }] : [];
  const inside = [{ include: '#escape' }, ...hole];
  const rules = {
    comment: {
      patterns: [
        {
          name: 'comment.line.double-dash.sql',
          begin: '--',
          end: `$|${end}`,
          patterns: inside,
        },
        { include: name('block-comment') },
      ],
    },
    'block-comment': {
      name: 'comment.block.sql',
      begin: '/\\*',
      end: `\\*/|${end}`,
      // PostgreSQL's comments nest.
      patterns: [{ include: name('block-comment') }, ...inside],
    },
  };
  const strings = [];
  if (close !== "'") {
    strings.push(
      {
        name: 'string.quoted.single.sql',
        begin: "(?i:(?<![\\w$])(u&|[ebxn]))?(')",
        beginCaptures: { 1: { name: 'storage.type.string.sql' }, 2: { name: 'punctuation.definition.string.begin.sql' } },
        end: `(')(?!')|${end}`,
        endCaptures: { 1: { name: 'punctuation.definition.string.end.sql' } },
        patterns: [{ name: 'constant.character.escape.sql', match: "''" }, ...inside],
      },
      {
        name: 'string.unquoted.dollar.sql',
        begin: '(?<![\\w$])(\\$(?:[A-Za-z_]\\w*)?\\$)(?!\\{)',
        beginCaptures: { 1: { name: 'punctuation.definition.string.begin.sql' } },
        end: `(\\1)|${end}`,
        endCaptures: { 1: { name: 'punctuation.definition.string.end.sql' } },
        patterns: inside,
      },
    );
  }
  const quotedName = close === '"' ? null : `"(?:[^"\\\\${close}$]|"")*"`;
  const identifier = quotedName ? `(?:[A-Za-z_][\\w$]*|${quotedName})` : '[A-Za-z_][\\w$]*';
  rules.string = { patterns: strings };
  rules.word = {
    patterns: [
      // The tag's own name as the last word must not be taken for a template that begins.
      ...(kind === 'template' ? [{ match: '(?<!`)[^\\w$`]sql(?=`)', name: 'variable.other.sql' }] : []),
      { name: 'variable.parameter.sql', match: '(?<![\\w$])\\$\\d+' },
      {
        match: `(::)\\s*((?i:double\\s+precision|character\\s+varying|bit\\s+varying|(?:timestamp|time)\\s+with(?:out)?\\s+time\\s+zone)|${identifier}(?:\\.${identifier})?)`,
        captures: { 1: { name: 'keyword.operator.cast.sql' }, 2: { name: 'storage.type.sql' } },
      },
      {
        match: `(${identifier})(\\.)(?:(${identifier})(?:(\\.)(${identifier}))?(?!\\s*\\())?`,
        captures: {
          1: { name: 'entity.name.type.table.sql' },
          2: { name: 'punctuation.accessor.sql' },
          3: { name: 'variable.other.property.sql' },
          4: { name: 'punctuation.accessor.sql' },
          5: { name: 'variable.other.property.sql' },
        },
      },
      { name: 'constant.language.sql', match: anyOf(CONSTANTS) },
      {
        match: `(?i)(?<![\\w$.])(create|alter|drop|on)((?:\\s+or\\s+replace)?)\\s+(${OBJECTS.trim().split(/\s+/).join('|')})(?![\\w$])`,
        captures: {
          1: { name: 'keyword.other.sql' },
          2: { name: 'keyword.other.sql' },
          3: { name: 'keyword.other.sql' },
        },
      },
      { name: 'keyword.other.sql', match: anyOf(KEYWORDS) },
      { name: 'storage.type.sql', match: anyOf(TYPES) },
      { name: 'support.function.sql', match: '(?<![\\w$])[A-Za-z_][\\w$]*(?=\\s*\\()' },
      { name: 'constant.numeric.sql', match: '(?i)(?<![\\w$])(?:0x[0-9a-f_]+|0o[0-7_]+|0b[01_]+|(?:\\d[\\d_]*(?:\\.[\\d_]*)?|\\.\\d[\\d_]*)(?:e[+-]?\\d+)?)' },
      ...(quotedName ? [{ name: 'variable.other.quoted.sql', match: quotedName }] : []),
      { name: 'variable.other.sql', match: '[A-Za-z_][\\w$]*' },
      { name: 'keyword.operator.sql', match: '(?:::|:=|=>|(?!--|/\\*)[-+*/<>=~!@#%^&|?])+' },
      { name: 'punctuation.separator.sql', match: '[,;.]' },
    ],
  };
  const res = { [`sql-${kind}`]: { patterns: [...inside, ...['comment', 'string', 'word'].map((it) => ({ include: name(it) }))] } };
  for (const [key, rule] of Object.entries(rules)) res[`sql-${kind}-${key}`] = rule;
  return res;
}

/** A literal of the host that holds SQL. */
function sqlLiteral(lang, kind) {
  const { close } = HOSTS[kind];
  const style = kind === 'template' ? 'template' : `quoted.${kind}`;
  return {
    begin: close,
    beginCaptures: { 0: { name: `punctuation.definition.string.begin.${lang} string.${style}.${lang}` } },
    end: kind === 'template' ? '`' : `${close}|(?=$)`,
    endCaptures: { 0: { name: `punctuation.definition.string.end.${lang} string.${style}.${lang}` } },
    contentName: 'meta.embedded.block.sql',
    patterns: [{ include: `#sql-${kind}` }],
  };
}

const ARKTYPE_WORDS =
  'string|number|bigint|boolean|symbol|null|undefined|unknown|never|any|object|this|true|false|keyof|Date|Array|Error|Function|Map|Set|RegExp|Promise|Record|Pick|Omit|Partial|Required|Exclude|Extract|File|FormData|Headers|Request|Response|URL';

/** An arktype definition in a string of the host. */
function arktypeString(lang, quote, style) {
  const other = quote === '"' ? "'" : '"';
  return {
    begin: quote,
    beginCaptures: { 0: { name: `punctuation.definition.string.begin.${lang} string.quoted.${style}.${lang}` } },
    end: `${quote}|(?=$)`,
    endCaptures: { 0: { name: `punctuation.definition.string.end.${lang} string.quoted.${style}.${lang}` } },
    contentName: 'meta.embedded.line.arktype',
    patterns: [
      { include: '#escape' },
      { name: 'string.quoted.other.arktype', match: `d?${other}[^${other}${quote}]*${other}` },
      { name: 'string.quoted.other.arktype', match: `d?\\\\${quote}[^${quote}\\\\]*\\\\${quote}` },
      { name: 'string.regexp.arktype', match: `(?<![\\w)\\]]\\s?)/(?:[^/\\\\${quote}]|\\\\[^${quote}])+/` },
      { name: 'constant.numeric.arktype', match: '(?<![\\w$])-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?n?(?![\\w$])' },
      {
        match: `(?<![\\w$.])(${ARKTYPE_WORDS})(?![\\w$])((?:\\.\\w+)*)`,
        captures: { 1: { name: 'support.type.primitive.arktype' }, 2: { name: 'support.type.keyword.arktype' } },
      },
      { name: 'storage.modifier.brand.arktype', match: '#\\w+' },
      { name: 'keyword.operator.arktype', match: '=>|[<>=!]=?=?|[|&%?:]|\\[\\]' },
      { name: 'entity.name.type.arktype', match: '[A-Za-z_$][\\w$]*(?:\\.\\w+)*' },
    ],
  };
}

function grammar(lang, language, source) {
  const expression = { include: `${source}#expression` };
  const tag = { 1: { name: `entity.name.function.tagged-template.${lang}` } };
  const sqlTag = {
    patterns: [
      // sql`…`, sql<T>`…`
      {
        begin: `${word('sql')}(?=\\s*(?<args><(?:[^<>\`]|=>|\\g<args>)*>)?\\s*\`)`,
        beginCaptures: tag,
        end: '(?<=`)',
        patterns: [{ include: `${source}#type-arguments` }, { include: '#sql-literal-template' }],
      },
      // sql<{ …: the type goes on in the lines below.
      {
        begin: `${word('sql')}(?=<[^>\`;()]*$)`,
        beginCaptures: tag,
        end: '(?<=`)|(?=[;)])',
        patterns: [{ include: `${source}#type-arguments` }, { include: '#sql-literal-template' }],
      },
      // sql.raw('…')
      {
        begin: `${word('sql')}\\s*(\\??\\.)\\s*(raw)\\s*(\\()`,
        beginCaptures: {
          1: { name: `variable.other.object.${lang}` },
          2: { name: `punctuation.accessor.${lang}` },
          3: { name: `entity.name.function.${lang}` },
          4: { name: `meta.brace.round.${lang}` },
        },
        end: '\\)',
        endCaptures: { 0: { name: `meta.brace.round.${lang}` } },
        patterns: [
          { include: '#sql-literal-template' },
          { include: '#sql-literal-single' },
          { include: '#sql-literal-double' },
          expression,
        ],
      },
    ],
  };
  const quotedKey = (quote, style) => ({
    match: `(${quote})((?:[^${quote}\\\\?]|\\\\.)*)(\\?)?(${quote})(?=\\s*:)`,
    captures: {
      1: { name: `punctuation.definition.string.begin.${lang} string.quoted.${style}.${lang}` },
      2: { name: `meta.object-literal.key.${lang} variable.other.property.arktype` },
      3: { name: 'keyword.operator.optional.arktype' },
      4: { name: `punctuation.definition.string.end.${lang} string.quoted.${style}.${lang}` },
    },
  });
  const definition = [
    { include: '#arktype-object' },
    { include: '#arktype-tuple' },
    { include: '#arktype-string' },
    expression,
  ];
  const arktype = {
    // type({…}), type("…"), scope({…})
    begin: `${word('type|scope')}(?=\\s*\\(\\s*(?:[{\\['"]|$))`,
    beginCaptures: { 1: { name: `entity.name.function.${lang}` } },
    end: '(?<=\\))',
    patterns: [
      {
        begin: '\\(',
        beginCaptures: { 0: { name: `meta.brace.round.${lang}` } },
        end: '\\)',
        endCaptures: { 0: { name: `meta.brace.round.${lang}` } },
        patterns: definition,
      },
    ],
  };
  const repository = {
    'sql-tag': sqlTag,
    'sql-literal-template': sqlLiteral(lang, 'template'),
    'sql-literal-single': sqlLiteral(lang, 'single'),
    'sql-literal-double': sqlLiteral(lang, 'double'),
    hole: {
      name: `meta.template.expression.${lang}`,
      contentName: `meta.embedded.line.${lang}`,
      begin: '\\$\\{',
      beginCaptures: { 0: { name: `punctuation.definition.template-expression.begin.${lang}` } },
      end: '\\}',
      endCaptures: { 0: { name: `punctuation.definition.template-expression.end.${lang}` } },
      patterns: [expression],
    },
    escape: { name: `constant.character.escape.${lang}`, match: '\\\\(?:x\\h{2}|u\\h{4}|u\\{\\h+\\}|.|$)' },
    arktype,
    'arktype-object': {
      begin: '\\{',
      beginCaptures: { 0: { name: `punctuation.definition.block.${lang}` } },
      end: '\\}',
      endCaptures: { 0: { name: `punctuation.definition.block.${lang}` } },
      patterns: [
        { include: `${source}#comment` },
        quotedKey("'", 'single'),
        quotedKey('"', 'double'),
        { name: `meta.object-literal.key.${lang}`, match: '[A-Za-z_$][\\w$]*(?=\\s*:)' },
        {
          begin: ':',
          beginCaptures: { 0: { name: `punctuation.separator.key-value.${lang}` } },
          end: '(?=[,}])',
          patterns: definition,
        },
        expression,
      ],
    },
    'arktype-tuple': {
      begin: '\\[',
      beginCaptures: { 0: { name: `meta.brace.square.${lang}` } },
      end: '\\]',
      endCaptures: { 0: { name: `meta.brace.square.${lang}` } },
      patterns: definition,
    },
    'arktype-string': { patterns: [arktypeString(lang, "'", 'single'), arktypeString(lang, '"', 'double')] },
    ...sqlRules(lang, 'template'),
    ...sqlRules(lang, 'single'),
    ...sqlRules(lang, 'double'),
  };
  // Not inside strings, comments and the text of elements; again inside the holes of templates and elements.
  // A grammar injected into source.js is injected into source.js.jsx too, which has its own.
  const own = lang === 'js' ? ' -source.js.jsx' : '';
  const hole = (it) => `L:${source} ${it}${own} -comment -(${it} string) -(${it} meta.jsx.children)`;
  return {
    $comment: 'Written by generate.mjs.',
    name: `SQL and arktype definitions in ${language}`,
    scopeName: `columnist.${lang}`,
    injectionSelector: [
      `L:${source}${own} -comment -string -meta.jsx.children`,
      hole('meta.template.expression'),
      hole('meta.embedded.expression'),
    ].join(', '),
    patterns: [{ include: '#sql-tag' }, { include: '#arktype' }],
    repository,
  };
}

const FILES = [
  ['ts', 'TypeScript', 'source.ts'],
  ['tsx', 'TSX', 'source.tsx'],
  ['js', 'JavaScript', 'source.js'],
  ['js.jsx', 'JSX', 'source.js.jsx'],
];

let stale = false;
for (const [lang, language, source] of FILES) {
  const url = new URL(`columnist.${lang.replace('js.jsx', 'jsx')}.tmLanguage.json`, import.meta.url);
  const text = `${JSON.stringify(grammar(lang, language, source), null, 1)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(url, text);
  else if (readFileSync(url, 'utf8') !== text) {
    stale = true;
    console.error(`${url.pathname} is stale: node syntaxes/generate.mjs`);
  }
}
process.exit(stale ? 1 : 0);
