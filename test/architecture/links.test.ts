import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { ROOT } from '../support/root.ts';

const docs = existsSync(join(ROOT, 'docs')) ? readdirSync(join(ROOT, 'docs')).filter((name) => /\.md$/.test(name)) : [];
const pages = ['README.md', 'CHANGELOG.md', ...docs.map((name) => `docs/${name}`)];

const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** The targets of `[text](target)` that stay inside the project. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter((to) => !/^[a-z]+:/.test(to));
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replace(/ /g, '-'),
  );
}

test('every link of README and docs leads somewhere', (t) => {
  for (const page of pages) {
    for (const link of linksOf(textOf(page))) {
      const [path, anchor] = link.split('#') as [string, string | undefined];
      const target = path === '' ? page : join(dirname(page), path);
      t.true(existsSync(join(ROOT, target)), `${page}: ${link}`);
      if (anchor !== undefined && target.endsWith('.md'))
        t.true(anchorsOf(textOf(target)).includes(anchor), `${page}: ${link}`);
    }
  }
});

test('every page of docs is linked from docs/README.md', (t) => {
  const links = linksOf(textOf('docs/README.md'));
  for (const name of docs) if (name !== 'README.md') t.true(links.includes(name), `docs/${name} is not in it`);
});

test('the README has at most 250 lines and exactly two commands that begin with npm ci', (t) => {
  const lines = textOf('README.md').trimEnd().split('\n');
  t.true(lines.length <= 250, `${lines.length} lines`);
  t.is(lines.filter((line) => line.startsWith('npm ci && npm ')).length, 2);
});

test('nothing is left to be filled in', (t) => {
  for (const page of pages) t.notRegex(textOf(page), /\b(TODO|FIXME|TBD|XXX)\b/, page);
});
