// Plain JavaScript that any Node can read, so that one too old says so instead of failing on a type.
const NEEDED = 24;
const found = process.versions.node;

if (Number(found.split('.')[0]) < NEEDED) {
  console.error(
    'Claimjump needs Node ' + NEEDED + ' or later, and this is Node ' + found + '. `npm ci` brings it along on most ' +
      'platforms: run `npm start` after it, or install Node ' + NEEDED + '.',
  );
  process.exitCode = 2;
} else {
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
}
