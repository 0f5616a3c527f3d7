// SPDX-License-Identifier: Apache-2.0
// The OpenAPI document is one by its own rules, what the server sends is as it says, and the page at
// /docs shows it and tries it in a browser without asking any other host.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { submodel } from './fixtures.mjs';
import { readCsv } from './lib/csv.mjs';
import { base64url, Client } from './lib/http.mjs';

const require = createRequire(import.meta.url);
const Ajv = require('ajv/dist/2020').default;
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PATIENCE_MS = 60_000;
const PLACE = '#operations-Submodels-GetAllSubmodels';

function compile(document) {
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    ajv.addSchema({ ...document, $id: 'jig' });
    return (name) => ajv.compile({ $ref: `jig#/components/schemas/${name}` });
}

async function testDocument({ client, results }) {
    const answer = await client.call('GET', '/openapi.json');
    const document = answer.json;
    await results.test('docs: the document is valid by the schema of OpenAPI 3.1', async () => {
        assert.equal(answer.status, 200);
        const { Validator } = await import('@seriousme/openapi-schema-validator');
        const validator = new Validator();
        const said = await validator.validate(document);
        assert.equal(said.valid, true, JSON.stringify(said.errors)?.slice(0, 2000));
        assert.equal(validator.version, '3.1');
    });
    await results.test(
        'docs: every schema can be used, and takes what the server sends',
        async () => {
            const schema = compile(document);
            for (const name of Object.keys(document.components.schemas)) {
                schema(name);
            }
            const stored = await client.call('GET', `/submodels/${base64url(submodel.id)}`);
            const takes = schema('Submodel');
            assert.equal(takes(stored.json), true, JSON.stringify(takes.errors)?.slice(0, 2000));
            const refused = await client.call('GET', '/submodels/bm8');
            const result = schema('Result');
            assert.equal(result(refused.json), true, JSON.stringify(result.errors));
        },
    );
    await results.test('docs: schemas refuse what the metamodel refuses', () => {
        const takes = compile(document)('Submodel');
        const wrongs = [
            { ...submodel, id: '' },
            { ...submodel, idShort: '1a' },
            { ...submodel, kind: 'Other' },
            { ...submodel, submodelElements: [{ modelType: 'Unknown' }] },
            { ...submodel, submodelElements: [{ modelType: 'Property', idShort: 'Aa' }] },
            { ...submodel, description: [{ language: '?', text: 'x' }] },
        ];
        assert.deepEqual(
            wrongs.filter((wrong) => takes(wrong)),
            [],
        );
    });
    return document;
}

// Where this server knowingly says less than the official document: the answer is never given.
const LESS = [
    'DELETE /aas/asset-information/thumbnail lacks 200',
    'DELETE /shells/{aasIdentifier}/asset-information/thumbnail lacks 200',
    'GET /shells/{aasIdentifier}/submodels/{submodelIdentifier}/submodel-elements/$path lacks extent',
    'GET /submodels/$value lacks 404',
    'GET /submodel-descriptors lacks 404',
    'GET /description lacks 403',
];
const WITHOUT_USERS = '401';

// What the document lacks of one operation of the official one.
function lacking(document, row) {
    const own = document.paths[row.path]?.[row.method.toLowerCase()];
    const name = `${row.method} ${row.path}`;
    if (own === undefined) {
        return [`${name} lacks itself`];
    }
    const told = own.parameters.map((one) => {
        const key = one.$ref.split('/').pop();
        return document.components.parameters[key].name;
    });
    const words = (text) => text.split(' ').filter((word) => word !== '' && word !== 'default');
    const wanted = words(row.query).map((word) => word.replace('(depr)', ''));
    const statuses = words(`${row.success} ${row.errors}`).filter((one) => one !== WITHOUT_USERS);
    const missing = [
        ...wanted.filter((one) => !told.includes(one)),
        ...statuses.filter((one) => own.responses[one] === undefined),
    ];
    if ((row.request !== '') !== (own.requestBody !== undefined)) {
        missing.push('body');
    }
    if (!own.operationId.startsWith(row.operationId)) {
        missing.push(row.operationId);
    }
    return missing.map((one) => `${name} lacks ${one}`);
}

async function compare({ results, document, table }) {
    const name = 'docs: every official operation has its parameters, body and answers';
    if (!existsSync(table)) {
        results.skipped(name, 'the official documents are missing');
        return;
    }
    await results.test(name, () => {
        const rows = readCsv(readFileSync(table, 'utf8'));
        const all = rows.filter((row) => row.profile.startsWith('Entire-API-Collection'));
        assert.equal(all.length, 224);
        const lacks = all.flatMap((row) => lacking(document, row));
        assert.deepEqual(lacks.sort(), [...LESS].sort());
    });
}

async function openPage(server, told) {
    const { chromium } = await import('playwright-core');
    const browser = await chromium.launch({
        executablePath: BROWSERS.find(existsSync),
        args: ['--no-sandbox'],
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('request', (request) => told.hosts.add(new URL(request.url()).host));
    page.on('pageerror', (error) => told.errors.push(error.message));
    page.on('console', (message) => {
        if (message.type() === 'error') {
            told.errors.push(message.text());
        }
    });
    await page.goto(`${server.base}/docs`);
    return { browser, page };
}

// Opens an operation, tries it and gives what the page then shows of the answer.
async function tryOperation(page) {
    await page.click('#operations-tag-Submodels');
    await page.click(`${PLACE} .opblock-summary-control`);
    await page.click(`${PLACE} .try-out__btn`);
    await page.click(`${PLACE} .execute`);
    await page.waitForSelector(`${PLACE} .live-responses-table .response-col_status`);
    return page.textContent(`${PLACE} .live-responses-table`);
}

async function testPage({ server, results, document }) {
    const name = 'docs: the page shows the operations and tries one, without another host';
    if (!BROWSERS.some(existsSync)) {
        results.skipped(name, 'there is no Chromium');
        return;
    }
    const client = new Client(server.port);
    if ((await client.call('GET', '/docs/docs.js')).status !== 200) {
        results.skipped(name, 'the page was left out of this build');
        return;
    }
    await results.test(name, async () => {
        const told = { hosts: new Set(), errors: [] };
        const { browser, page } = await openPage(server, told);
        try {
            await page.waitForSelector('.opblock-tag');
            const tags = await page.$$eval('.opblock-tag', (list) =>
                list.map((one) => one.getAttribute('data-tag')),
            );
            const used = new Set(
                Object.values(document.paths).flatMap((path) =>
                    Object.values(path).flatMap((operation) => operation.tags),
                ),
            );
            assert.deepEqual(new Set(tags), used);
            const shown = await tryOperation(page);
            assert.match(shown, /200/);
            assert.ok(shown.includes(submodel.id), shown.slice(0, 500));
        } finally {
            await browser.close();
        }
        assert.deepEqual(told.errors, []);
        assert.deepEqual([...told.hosts], [new URL(server.base).host]);
    });
}

export async function testDocs({ server, results, table }) {
    const client = new Client(server.port);
    const stored = await client.call('POST', '/submodels', { body: submodel });
    assert.equal(stored.status, 201, String(stored));
    const document = await testDocument({ client, results });
    await compare({ results, document, table });
    await testPage({ server, results, document });
}
