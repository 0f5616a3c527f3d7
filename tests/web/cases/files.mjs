// SPDX-License-Identifier: Apache-2.0
// Attachments, thumbnails and packages.
import assert from 'node:assert/strict';
import { base64url, form } from '../lib/http.mjs';
import { aasx, code, packaged, pdf, png } from '../fixtures.mjs';
import { define } from './define.mjs';
import { afterwards } from './checks.mjs';

const bytesAre = (bytes, type) => (answer) => {
    assert.ok(
        answer.bytes.equals(bytes),
        `${answer.bytes.length} bytes, not the ${bytes.length} that were sent`,
    );
    assert.equal(answer.type, type);
};
const file = (bytes, fileName, type) =>
    form([
        { name: 'fileName', value: fileName },
        { name: 'file', value: bytes, fileName, type },
    ]);
const manual = file(pdf, 'manual.pdf', 'application/pdf');
const picture = file(png, 'press.png', 'image/png');

// Sends a file and expects 2xx: what a case needs to be there.
async function put(t, path, sent) {
    const answer = await t.call('PUT', path, sent);
    assert.equal(Math.floor(answer.status / 100), 2, `set-up: PUT ${path}: ${answer}`);
}

// ---------------------------------------------------------------- attachments

const A = 'SM/submodel-elements/{idShortPath}/attachment';
const attachment = `/submodels/${code.submodel}/submodel-elements/Manual/attachment`;
const attached = { params: { idShortPath: 'Manual' }, before: (t) => put(t, attachment, manual) };
const noFile = {
    name: 'an element that is no file',
    params: { idShortPath: 'Tonnage' },
    status: 405,
};

define(`GET ${A}`, {
    ...attached,
    status: 200,
    check: bytesAre(pdf, 'application/pdf'),
    also: [
        {
            name: 'a part of it',
            headers: { Range: 'bytes=5-7' },
            status: 206,
            check: (answer) => {
                assert.equal(answer.text, pdf.subarray(5, 8).toString('latin1'));
                assert.equal(answer.headers['content-range'], `bytes 5-7/${pdf.length}`);
            },
        },
        {
            name: 'as octets',
            headers: { Accept: 'application/octet-stream' },
            check: bytesAre(pdf, 'application/octet-stream'),
        },
    ],
    errors: [
        noFile,
        { name: 'nothing attached', params: { idShortPath: 'Drawing' }, status: 404 },
        { name: 'a range outside', headers: { Range: 'bytes=5000-' }, status: 416 },
    ],
});
define(`PUT ${A}`, {
    params: { idShortPath: 'Manual' },
    good: manual,
    status: 204,
    check: async (answer, t) => {
        bytesAre(pdf, 'application/pdf')(await t.call('GET', attachment));
        const element = (await t.call('GET', attachment.replace('/attachment', ''))).json;
        assert.equal(element.contentType, 'application/pdf');
        assert.match(element.value, /manual\.pdf$/);
    },
    also: [
        {
            name: 'in place of another',
            status: 204,
            before: (t) => put(t, attachment, manual),
            ...file(png, '그림.png', 'image/png'),
            check: async (answer, t) => bytesAre(png, 'image/png')(await t.call('GET', attachment)),
        },
        {
            name: 'a name that leads elsewhere',
            status: 204,
            ...file(pdf, '../../manual.pdf', 'application/pdf'),
            check: async (answer, t) => {
                const element = (await t.call('GET', attachment.replace('/attachment', ''))).json;
                assert.doesNotMatch(element.value, /\.\./);
                bytesAre(pdf, 'application/pdf')(await t.call('GET', attachment));
            },
        },
    ],
    errors: [noFile],
});
define(`DELETE ${A}`, {
    ...attached,
    status: 200,
    check: afterwards(attachment, 404),
    errors: [noFile, { name: 'nothing attached', params: { idShortPath: 'Drawing' }, status: 404 }],
});

// ---------------------------------------------------------------- thumbnails

const T = 'AAS/asset-information/thumbnail';
const thumbnail = `/shells/${code.shell}/asset-information/thumbnail`;
const shown = { before: (t) => put(t, thumbnail, picture) };
const deleted = async (t) => {
    await put(t, thumbnail, picture);
    await t.call('DELETE', thumbnail);
};
const isThere = { 404: 'the shell chosen by setting is there' };

define(`GET ${T}`, {
    ...shown,
    status: 200,
    check: bytesAre(png, 'image/png'),
    errors: [{ name: 'no thumbnail', before: deleted, status: 404 }],
});
define(`PUT ${T}`, {
    good: picture,
    status: 204,
    missing: isThere,
    check: async (answer, t) => {
        bytesAre(png, 'image/png')(await t.call('GET', thumbnail));
        const asset = (await t.call('GET', thumbnail.replace('/thumbnail', ''))).json;
        assert.equal(asset.defaultThumbnail.contentType, 'image/png');
    },
});
define(`DELETE ${T}`, {
    ...shown,
    status: 204,
    check: afterwards(thumbnail, 404),
    missing: { 200: 'deprecated by the document itself: 204 takes its place' },
    errors: [{ name: 'no thumbnail', before: deleted, status: 404 }],
});

// ---------------------------------------------------------------- packages

const AASX = 'application/asset-administration-shell-package';
const box = (bytes, fileName, aasIds = []) =>
    form([
        ...aasIds.map((id) => ({ name: 'aasIds', value: id })),
        { name: 'fileName', value: fileName },
        { name: 'file', value: bytes, fileName, type: AASX },
    ]);
const first = box(aasx(), 'press.aasx', [packaged.shell]);
const others = { ...packaged, shell: `${packaged.shell}/2`, submodel: `${packaged.submodel}/2` };
const second = box(aasx(others), 'other.aasx', [others.shell]);

async function posted(t) {
    const answer = await t.call('POST', '/packages', first);
    assert.equal(answer.status, 201, `set-up: POST /packages: ${answer}`);
    return { packageId: base64url(answer.json.packageId) };
}
const described = (answer) => {
    assert.deepEqual(answer.json.aasIds, [packaged.shell]);
    assert.equal(typeof answer.json.packageId, 'string');
};

define('GET /packages', {
    before: posted,
    status: 200,
    check: (answer) => {
        assert.equal(answer.json.result.length, 1);
        described({ json: answer.json.result[0] });
    },
    also: [
        {
            name: 'by shell',
            query: { aasId: base64url(packaged.shell) },
            check: (answer) => assert.equal(answer.json.result.length, 1),
        },
        {
            name: 'by another shell',
            query: { aasId: code.unknown },
            check: (answer) => assert.deepEqual(answer.json.result, []),
        },
    ],
});
define('POST /packages', {
    good: first,
    status: 201,
    check: async (answer, t) => {
        described(answer);
        const location = new URL(answer.headers.location, t.base + t.path);
        const stored = await t.call('GET', location.pathname, { headers: { Accept: AASX } });
        bytesAre(aasx(), AASX)(stored);
    },
    also: [{ name: 'without aasIds', ...box(aasx(), 'press.aasx'), check: described }],
    errors: [
        { name: 'the same again', before: posted, status: 409 },
        { name: 'no package', ...box(Buffer.from('PK nonsense'), 'press.aasx'), status: 400 },
        { name: 'half a package', ...box(aasx().subarray(0, 700), 'press.aasx'), status: 400 },
    ],
});
define('GET /packages/{packageId}', {
    before: posted,
    status: 200,
    check: (answer) => {
        bytesAre(aasx(), AASX)(answer);
        assert.equal(answer.headers['x-filename'], 'press.aasx');
    },
});
define('PUT /packages/{packageId}', {
    before: posted,
    creates: 'packageId',
    good: second,
    status: 204,
    check: async (answer, t) => bytesAre(aasx(others), AASX)(await t.call('GET', t.path)),
    also: [
        {
            name: 'created',
            params: { packageId: base64url('line-3') },
            status: 201,
            check: async (answer, t) => {
                assert.equal(answer.json.packageId, 'line-3');
                bytesAre(
                    aasx(others),
                    AASX,
                )(await t.call('GET', `/packages/${base64url('line-3')}`));
            },
        },
    ],
    errors: [{ name: 'no package', ...box(Buffer.from('PK nonsense'), 'press.aasx'), status: 400 }],
});
define('DELETE /packages/{packageId}', {
    before: posted,
    status: 204,
    check: async (answer, t) => assert.equal((await t.call('GET', t.path)).status, 404),
});
