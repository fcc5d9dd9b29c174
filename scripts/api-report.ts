/**
 * Holds the public surface against the reports in etc/, one for each entry of package.json; with `--local` it
 * writes them anew. A change of the surface so shows in review.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, type IConfigFile } from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('../../', import.meta.url));
const isLocal = process.argv.includes('--local');
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const reportTempFolder = `${root}build/api`;
mkdirSync(reportTempFolder, { recursive: true });

let hasFailed = false;
for (const [entry, target] of Object.entries<{ types?: string }>(manifest.exports)) {
  if (target.types === undefined) continue;
  const reportFileName = `tidegate${entry.slice(1).replace('/', '-')}`;
  if (!report(reportFileName, `${root}${target.types.slice(2)}`)) hasFailed = true;
}
if (hasFailed) process.exitCode = 1;

function report(reportFileName: string, mainEntryPointFilePath: string): boolean {
  const config = ExtractorConfig.prepare({
    configObject: configOf(reportFileName, mainEntryPointFilePath),
    configObjectFullPath: undefined,
    packageJsonFullPath: `${root}package.json`,
  });
  const { succeeded, apiReportChanged } = Extractor.invoke(config, {
    localBuild: isLocal,
    messageCallback: (message) => {
      // Its own compiler is not ours; that they differ is known, and told at every run.
      if (message.messageId === 'console-preamble' || message.messageId === 'console-compiler-version-notice') {
        message.handled = true;
      }
    },
  });
  const outcome = !apiReportChanged ? 'is as committed' : isLocal ? 'is written anew' : 'differs: npm run api';
  console.log(`etc/${reportFileName}.api.md ${outcome}`);
  return succeeded || (isLocal && apiReportChanged);
}

function configOf(reportFileName: string, mainEntryPointFilePath: string): IConfigFile {
  return {
    projectFolder: root,
    mainEntryPointFilePath,
    newlineKind: 'lf',
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          module: 'NodeNext',
          moduleResolution: 'NodeNext',
          target: 'ES2022',
          lib: ['ES2023'],
          types: ['node'],
          skipLibCheck: true,
        },
        files: [mainEntryPointFilePath],
      },
    },
    apiReport: {
      enabled: true,
      reportFileName: `${reportFileName}.api.md`,
      reportFolder: `${root}etc`,
      reportTempFolder: `${root}build/api`,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: 'warning' as never } },
      extractorMessageReporting: {
        default: { logLevel: 'none' as never },
        // The main entry names all types that it mentions; the others are parts of it.
        'ae-forgotten-export': { logLevel: (reportFileName === 'tidegate' ? 'warning' : 'none') as never },
      },
      tsdocMessageReporting: { default: { logLevel: 'none' as never } },
    },
  };
}
