// Templates of a project, rendered by the drizzle-orm that the project uses.
//
// A module is bundled with one function a template behind it; names of the functions around the template are defined
// again from their initialisers, and what nobody can know becomes a placeholder, which drizzle-orm takes for a parameter.
// Nothing of the module reaches disk, network or other processes: their modules are stand-ins.
//
//   node render-project.mjs REQUEST ANSWER
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { standIn, standIns } from './stand-ins.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const own = createRequire(path.join(here, 'package.json'));
const HARMLESS = new Set(['path', 'url', 'util', 'events', 'buffer', 'querystring', 'assert', 'os', 'async_hooks']);
const JS_NAME = /^[A-Za-z_$][\w$]*$/;

/** `require` of an installed drizzle-orm; installs it once. */
function drizzle(version) {
  const dir = path.join(here, 'node_modules', '.cache', 'columnist-oracle', 'drizzle-orm', version);
  if (!existsSync(path.join(dir, 'node_modules', 'drizzle-orm'))) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, 'package.json'), '{"private":true}');
    execFileSync('npm', ['i', '--silent', '--no-audit', '--no-fund', '--legacy-peer-deps', `drizzle-orm@${version}`], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return createRequire(path.join(dir, 'package.json'));
}

/** The text of the function that gives template `it` its value. */
function caseOf(it, imports) {
  const lines = it.locals.filter((local) => local && JS_NAME.test(local.name)).map((local) => {
    const { name } = local;
    if (local.file) {
      const alias = `__t${imports.length}`;
      imports.push(`import { ${local.export} as ${alias} } from ${JSON.stringify(local.file)};`);
      return local.alias ? `const ${name} = __h.alias(${alias}, ${JSON.stringify(local.alias)});` : `const ${name} = ${alias};`;
    }
    if (local.drizzle) return `const ${name} = __h.drizzle(${JSON.stringify(local.drizzle)});`;
    // `({ sql, eq }) => …` of a relational query.
    if (local.init === undefined || /\byield\b/.test(local.init)) return `const ${name} = __h.parameter(${JSON.stringify(name)}, ${JSON.stringify(local.type ?? '')});`;
    const members = (local.path ?? []).map((key) => `[${JSON.stringify(key)}]`).join('');
    return `const ${name} = await __h.local(async () => (${local.init})${members});`;
  });
  return `async function (__h) { ${lines.join('\n')}\nreturn (${it.source}); }`;
}

function renderer(version, root) {
  const require = drizzle(version);
  const esbuild = own('esbuild');
  const plugin = standIns(root);
  const texts = new Map();
  const textOf = (at) => {
    if (!texts.has(at)) {
      let text = '';
      try { text = readFileSync(at, 'utf8'); } catch {}
      texts.set(at, text);
    }
    return texts.get(at);
  };
  /** Of what a module imports, what can matter to a template: all else of a large application stays out. */
  const matters = (at, importer, direct, as) => new RegExp(`export \\* from ['"]${as.replace(/[^\w/@-]/g, '.')}['"]`).test(textOf(importer)) || direct
    ? !/\.[jt]sx$/.test(at)
    : /drizzle-orm|export \* from|export \{[^}]*\} from/.test(textOf(at)) || /pgTable|pgSchema|pgEnum/.test(textOf(importer))
      || (/drizzle-orm|export \* from|export \{[^}]*\} from/.test(textOf(importer)) && textOf(at).length < 20_000 && !/\.[jt]sx$/.test(at));
  const it = standIn(true);
  const given = standIn(true, 1);
  globalThis.__standIn = it;
  const { sql, is, SQL } = require('drizzle-orm');
  const pg = require('drizzle-orm/pg-core');
  const guarded = (name) => {
    if (/^drizzle-orm(\/|$)/.test(name)) {
      try { return require(name); } catch { return it; }
    }
    const plain = name.replace(/^node:/, '');
    return builtinModules.includes(plain) && HARMLESS.has(plain) ? own(name) : it;
  };
  const sandbox = {
    process: new Proxy(process, {
      get: (target, key) => {
        if (key === 'env') return new Proxy({}, { get: (_, name) => (/URL|KEY|SECRET|TOKEN/.test(String(name)) ? 'postgres://stand:in@localhost:5432/it' : undefined) });
        if (key === 'exit' || key === 'on' || key === 'once') return () => {};
        const value = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
    JSON: { parse: JSON.parse, stringify: (value, ...rest) => JSON.stringify(value, ...rest) ?? '"stand-in"' },
    fetch: async () => it,
    console: { log() {}, info() {}, debug() {}, warn() {}, error() {}, table() {} },
    setInterval: () => 0,
  };

  const helpers = {
    alias: pg.alias,
    drizzle: (names) => names.reduce((value, name) => value?.[name], require('drizzle-orm')) ?? it,
    parameter: (name, type) => {
      if (name === 'sql') return sql;
      return /\[\]$|^(readonly )?Array</.test(type.trim()) ? [given] : given;
    },
    async local(value) {
      try {
        const found = await Promise.race([value(), new Promise((resolve) => setTimeout(resolve, 300, it))]);
        return found ?? it;
      } catch {
        return it;
      }
    },
  };

  const patched = new Map();

  /** Modules with one function a template behind them: by path, the module or why there is none. */
  async function bundle(jobs) {
    const contentsOf = new Map();
    const startsOf = new Map();
    const dropped = new Set();
    const prepare = (job) => {
      const imports = [];
      const cases = job.templates.filter((it) => !dropped.has(`${job.path} ${it.id}`)).map((it) => ({ id: it.id, text: caseOf(it, imports) }));
      let contents = `${textOf(job.path)}\n${imports.join('\n')}\nexport const __truth = {\n`;
      const starts = [];
      for (const one of cases) {
        starts.push({ id: one.id, line: contents.split('\n').length });
        contents += `${one.id}: ${one.text},\n`;
      }
      contentsOf.set(job.path, `${contents}};\n`);
      startsOf.set(job.path, starts);
    };
    jobs.forEach(prepare);
    const entry = `module.exports = { ${jobs.map((it) => `${JSON.stringify(it.path)}: () => require(${JSON.stringify(it.path)})`).join(',\n')} };`;
    const cases = {
      name: 'cases',
      setup: (build) => {
        build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, (args) => {
          const text = contentsOf.get(args.path) ?? (patched.has(args.path) ? textOf(args.path) : undefined);
          if (text === undefined) return;
          // Nothing is waited for at the top level of what is required.
          const lines = text.split('\n').map((it, i) => (patched.get(args.path)?.has(i + 1) ? it.replace(/\bawait\b/g, '') : it));
          const loader = path.extname(args.path).slice(1).replace(/^[cm](?=[tj]s)/, '');
          return { contents: lines.join('\n'), loader, resolveDir: path.dirname(args.path) };
        });
        build.onResolve({ filter: /.*/ }, async (args) => {
          if (args.kind === 'entry-point' || args.pluginData === 'seen' || args.pluginData === 'asked') return;
          if (contentsOf.has(args.path)) return { path: args.path };
          const found = await build.resolve(args.path, { resolveDir: args.resolveDir, kind: args.kind, importer: args.importer, pluginData: 'asked' });
          if (found.errors.length) return { path: args.path, namespace: 'stand-in' };
          if (found.external || found.namespace !== 'file' || contentsOf.has(found.path) || matters(found.path, args.importer, contentsOf.has(args.importer), args.path)) return found;
          return { path: args.path, namespace: 'stand-in' };
        });
      },
    };
    for (let attempt = 0; attempt < 40; attempt++) {
      let bundled;
      try {
        bundled = await esbuild.build({
          stdin: { contents: entry, loader: 'js', resolveDir: root.replace(/\/x$/, ''), sourcefile: 'entry.js' },
          bundle: true, write: false, format: 'cjs', platform: 'node', logLevel: 'silent', target: 'node22',
          jsx: 'automatic', define: { 'import.meta.url': '"file:///stand-in"', 'import.meta.env': '{}' }, plugins: [cases, plugin],
        });
      } catch (e) {
        let again = false;
        for (const error of e.errors ?? []) {
          const places = [error.location, ...(error.notes ?? []).map((it) => it.location)].filter(Boolean);
          for (const place of places) {
            const file = path.resolve(place.file);
            if (/await/i.test(error.text) && /\bawait\b/.test(place.lineText)) {
              if (!patched.has(file)) patched.set(file, new Set());
              again ||= !patched.get(file).has(place.line);
              patched.get(file).add(place.line);
              continue;
            }
            // A template whose text cannot stand there is left out.
            const found = startsOf.get(file)?.filter((it) => it.line <= place.line).at(-1);
            if (found) {
              dropped.add(`${file} ${found.id}`);
              prepare(jobs.find((it) => it.path === file));
              again = true;
            }
          }
        }
        if (again) continue;
        return { error: `bundle: ${e.errors?.[0]?.text ?? e.message}` };
      }
      const module = { exports: {} };
      const names = Object.keys(sandbox);
      const text = bundled.outputFiles[0].text.replace(/^#!.*/gm, '');
      const wrapper = vm.runInThisContext(`(function (module, exports, require, ${names.join(', ')}) {${text}\n})`, { filename: 'bundle.js' });
      wrapper(module, module.exports, guarded, ...Object.values(sandbox));
      return { modules: module.exports };
    }
    return { error: 'bundle: too many attempts' };
  }

  /** Renderings of the templates of `jobs` (`{path, templates, casing}`): by path, by id, `{sql}` or `{error}`. */
  return async function render(jobs, write) {
    const all = new Map();
    for (let at = 0; at < jobs.length; at += 20) {
      const batch = jobs.slice(at, at + 20);
      const { modules, error } = await bundle(batch);
      for (const job of batch) {
        const results = new Map();
        all.set(job.path, results);
        let module;
        let why = error;
        try {
          // One that spoils the others' bundle is tried alone.
          const own = modules ?? (await bundle([job]));
          if (!modules) why = own.error;
          module = (modules ?? own.modules)?.[job.path]?.().__truth;
        } catch (e) {
          why = `import: ${e.message}`;
        }
        const dialect = new pg.PgDialect(job.casing ? { casing: job.casing } : undefined);
        for (const template of job.templates) results.set(template.id, await one(module?.[template.id], template, dialect, why ?? 'bundle'));
      }
      write(all);
    }
  };

  async function one(f, template, dialect, why) {
    if (!f) return { error: why };
    try {
      const value = await Promise.race([f.call(given, helpers), new Promise((_, reject) => setTimeout(reject, 2000, new Error('too long')))]);
      if (!is(value, SQL)) throw new Error('not SQL');
      return { sql: dialect.sqlToQuery(value, template.bare ? 'indexes' : undefined).sql };
    } catch (e) {
      return { error: `evaluation: ${String(e?.message ?? e).split('\n')[0]}` };
    }
  }
}

process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});
const [request, answer] = process.argv.slice(2);
const { version, root, jobs } = JSON.parse(readFileSync(request, 'utf8'));
await renderer(version, root)(jobs, (all) => {
  writeFileSync(answer, JSON.stringify(Object.fromEntries([...all].map(([key, it]) => [key, [...it]]))));
});
process.exit(0);
