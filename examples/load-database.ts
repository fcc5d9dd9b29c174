/** How do I keep a database of a folder? Each run loads what is new or has changed; what failed is in a list. */
import { loadAll, retryDead, TidegateError, toSqlite } from 'tidegate';

const [folder = 'scans', database = 'archive.sqlite', list = 'failed.ndjson'] = process.argv.slice(2);

try {
  const { files, skippedFiles, failedFiles } = await loadAll(folder, toSqlite(database, { resume: true }), {
    deadLetters: list,
  });
  console.log(`${files} files loaded, ${skippedFiles} were there already`);
  if (failedFiles > 0) {
    const again = await retryDead(list, toSqlite(database, { resume: true }));
    console.log(`${again.failedFiles} files still fail: see ${list}`);
  }
} catch (error) {
  // Such as: npm install better-sqlite3, which Node 20 needs
  if (!(error instanceof TidegateError && error.code === 'ERR_MISSING_PEER')) throw error;
  console.log(error.message);
}
