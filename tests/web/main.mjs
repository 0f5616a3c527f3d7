// SPDX-License-Identifier: Apache-2.0
// Tests over HTTP from outside: node main.mjs --binary JIG --shared FOLDER --results FOLDER
// Optional: --only REGEX (operations), --part NAME.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Results } from './lib/tap.mjs';

const { values: options } = parseArgs({
    options: {
        binary: { type: 'string' },
        shared: { type: 'string' },
        results: { type: 'string' },
        only: { type: 'string' },
        part: { type: 'string' },
    },
});
const results = new Results();
const spec = join(options.shared, 'spec');

const wants = (part) => options.part === undefined || options.part === part;

async function compareWithDocument() {
    const { Official } = await import('./lib/openapi.mjs');
    const { World } = await import('./lib/world.mjs');
    const { testEndpoints } = await import('./endpoints.mjs');
    const { testAddresses } = await import('./addresses.mjs');
    const { testProfiles } = await import('./profiles.mjs');
    const { testClients } = await import('./clients.mjs');
    const { testBehaviour } = await import('./behaviour.mjs');
    const official = new Official(spec);
    const world = await World.create(options.binary);
    if (wants('endpoints')) {
        const only = options.only === undefined ? undefined : new RegExp(options.only);
        const { lines, trials } = await testEndpoints({ world, official, results, only });
        lines.push('', ...official.quirks().map((one) => `quirk of the official document: ${one}`));
        writeFileSync(join(options.results, 'web-operations.txt'), `${lines.join('\n')}\n`);
        if (only === undefined) {
            await results.test('every quirk of the official document is needed', () => {
                assert.deepEqual(official.idle(), []);
            });
        }
        console.log(lines.join('\n'));
        console.log(`${trials.length} operations, ${world.restarts} restarts`);
    }
    if (wants('addresses')) {
        await testAddresses({ world, official, results });
    }
    if (wants('profiles')) {
        await testProfiles({ world, official, results });
    }
    if (wants('clients')) {
        await testClients({ world, results });
    }
    if (wants('behaviour')) {
        await testBehaviour({ world, official, results });
    }
    await endsInOrder(world);
}

async function driveWithClient() {
    const { Server } = await import('./lib/server.mjs');
    const { testClient } = await import('./sdk.mjs');
    const { Worker } = await import('./lib/worker.mjs');
    const worker = await Worker.start();
    const server = await Server.start(options.binary, ['--delegate', worker.host]);
    await testClient({ server, worker, results });
    await endsInOrder(server);
    await worker.stop();
}

async function readDocument() {
    const { Server } = await import('./lib/server.mjs');
    const { testDocs } = await import('./docs.mjs');
    const server = await Server.start(options.binary);
    await testDocs({ server, results, table: join(spec, 'api-operations.csv') });
    await endsInOrder(server);
}

async function endsInOrder(server) {
    const wrongs = await server.stop();
    await results.test('a server ends in order and its store agrees', () => {
        if (wrongs.length > 0) {
            throw new Error(wrongs.join('\n'));
        }
    });
}

const begun = process.hrtime.bigint();
if (existsSync(join(spec, 'api-operations.csv'))) {
    await compareWithDocument();
} else {
    results.skipped('operations of the official document', 'the official documents are missing');
}
if (wants('sdk')) {
    await driveWithClient();
}
if (wants('docs')) {
    await readDocument();
}
results.write(join(options.results, 'web.tap'));
for (const row of results.failures()) {
    console.log(`FAILED ${row.name}\n${row.told.map((line) => `    ${line}`).join('\n')}`);
}
const seconds = Number((process.hrtime.bigint() - begun) / 1_000_000n) / 1000;
console.log(
    `web: ${results.count('passed')} passed, ${results.count('failed')} failed, ` +
        `${results.count('skipped')} skipped in ${seconds} s`,
);
process.exitCode = results.count('failed') === 0 ? 0 : 1;
