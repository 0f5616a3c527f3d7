// SPDX-License-Identifier: Apache-2.0
// A service profile is told by /description exactly when all its operations are there.
import assert from 'node:assert/strict';
import { base64url } from './lib/http.mjs';
import { code } from './fixtures.mjs';

const VALUES = {
    aasIdentifier: code.unknown,
    submodelIdentifier: code.unknown,
    cdIdentifier: code.unknown,
    idShortPath: 'Nothing',
    packageId: base64url('nothing'),
    handleId: base64url('nothing'),
};
// Where a profile lives that cannot share a service with the others (instances are refused there).
const HOMES = new Map([
    ['SubmodelRepositoryServiceSpecification/SSP-003', '/templates-api'],
    ['SubmodelRepositoryServiceSpecification/SSP-004', '/templates-api'],
]);
const URL_OF = (version, profile) => `https://admin-shell.io/aas/API/${version}/${profile}`;

// A registered address that takes the method: anything but 405, "no such operation" and 501. What is
// sent names nothing that is there, and is no body, so that nothing changes.
async function isThere(world, home, { method, path }) {
    const at = home + path.replace(/\{(\w+)\}/g, (_, name) => VALUES[name]);
    const answer = await world.call(
        method,
        at,
        method === 'GET' || method === 'DELETE' ? {} : { body: 'null' },
    );
    const code404 = answer.json?.messages?.[0]?.code;
    return (
        ![405, 501].includes(answer.status) &&
        !(answer.status === 404 && code404 === 'NoSuchOperation')
    );
}

export async function testProfiles({ world, official, results }) {
    await world.restore();
    const profiles = new Map();
    for (const row of official.rows.filter((one) => !one.profile.startsWith('Entire'))) {
        profiles.set(row.profile, [...(profiles.get(row.profile) ?? []), row]);
    }
    const described = new Map();
    for (const home of ['', '/templates-api']) {
        const answer = await world.call('GET', `${home}/description`);
        described.set(home, answer.status === 200 ? answer.json.profiles : []);
    }
    for (const [profile, rows] of profiles) {
        const home = HOMES.get(profile) ?? '';
        const name = `profile ${profile}`;
        const missing = [];
        for (const row of rows) {
            if (!(await isThere(world, home, row))) {
                missing.push(`${row.method} ${home}${row.path}`);
            }
        }
        const told = described.get(home);
        const check = () => {
            const is = told.includes(URL_OF('3/1', profile));
            assert.equal(
                is,
                missing.length === 0,
                is
                    ? `${home}/description tells it, but there is no ${missing.join(', ')}`
                    : `all operations are there, but ${home}/description does not tell it`,
            );
        };
        await results.test(name, check);
    }
    await results.test('no profile is told that is unknown', () => {
        const known = new Set(
            [...profiles.keys()].flatMap((one) => [URL_OF('3/1', one), URL_OF('3/0', one)]),
        );
        for (const [home, told] of described) {
            assert.deepEqual(
                told.filter((one) => !known.has(one)),
                [],
                `${home}/description`,
            );
            assert.equal(new Set(told).size, told.length, 'a profile is told twice');
        }
    });
}
