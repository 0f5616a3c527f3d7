// SPDX-License-Identifier: Apache-2.0
// What answers are compared with.
import assert from 'node:assert/strict';

const result = (answer) => answer.json.result;
export const same = (expected) => (answer) => assert.deepEqual(answer.json, expected);
export const listed = (expected) => (answer) => {
    assert.deepEqual(result(answer), expected);
    assert.equal(answer.json.paging_metadata.cursor, undefined);
};
export const located = (path) => (answer, t) => {
    const location = new URL(answer.headers.location, t.base + t.path);
    assert.equal(location.origin, t.base, 'Location');
    assert.equal(location.pathname, path, 'Location');
};

// The answer to a follow-up request, compared.
export const afterwards = (path, expected) => async (answer, t) => {
    const now = await t.call('GET', path);
    if (typeof expected === 'number') {
        assert.equal(now.status, expected, `GET ${path} afterwards: ${now}`);
    } else {
        assert.equal(now.status, 200, `GET ${path} afterwards: ${now}`);
        assert.deepEqual(now.json, expected, `GET ${path} afterwards`);
    }
};
export const all =
    (...checks) =>
    async (answer, t) => {
        for (const check of checks) {
            await check(answer, t);
        }
    };

// Every page with limit=1 together is what one page holds.
export const pagewise = (expected) => async (answer, t) => {
    const got = [];
    let page = answer;
    for (let left = expected.length + 2; left > 0; left--) {
        assert.equal(page.status, 200, String(page));
        const items = result(page);
        const list = Array.isArray(items) ? items : Object.entries(items);
        assert.ok(list.length <= 1, `limit=1 gave ${list.length} items`);
        got.push(...list);
        const { cursor } = page.json.paging_metadata;
        if (cursor === undefined) {
            assert.deepEqual(got, expected);
            return;
        }
        const joint = t.path.includes('?') ? '&' : '?';
        page = await t.call('GET', `${t.path}${joint}cursor=${encodeURIComponent(cursor)}`);
    }
    assert.fail('the pages have no end');
};
export const paged = (expected) => [
    { name: 'page by page', query: { limit: '1' }, check: pagewise(expected) },
    { name: 'one page', query: { limit: '100' }, check: listed(expected) },
];
