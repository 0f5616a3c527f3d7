// SPDX-License-Identifier: Apache-2.0
// Invocation of operations, done by a worker beside the server.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { code, property, submodel } from '../fixtures.mjs';
import { define } from './define.mjs';
import { outcome } from './registry.mjs';

const E = 'SM/submodel-elements/{idShortPath}';
const place = `/submodels/${code.submodel}/submodel-elements/Weigh`;
const declared = submodel.submodelElements.find((one) => one.idShort === 'Weigh');

// Gives the operation its worker.
async function delegate(t, url) {
    const qualifiers = [{ type: 'invocationDelegation', valueType: 'xs:string', value: url }];
    const answer = await t.call('PUT', place, { body: { ...declared, qualifiers } });
    assert.equal(answer.status, 204, `set-up: PUT ${place}: ${answer}`);
}
const workedBy = (path) => (t) => delegate(t, `http://${t.world.worker.host}${path}`);

const force = (text) => [{ value: property('Force', 'xs:double', text) }];
const full = {
    inputArguments: force('20.5'),
    inoutputArguments: [{ value: property('Count', 'xs:int', '7') }],
    clientTimeoutDuration: 'PT60S',
};
const byValue = {
    inputArguments: { Force: 20.5 },
    inoutputArguments: { Count: '7' },
    clientTimeoutDuration: 'PT60S',
};

const fullResult = (answer) => {
    assert.equal(answer.json.executionState, 'Completed');
    assert.deepEqual(answer.json.outputArguments, [{ value: property('Mass', 'xs:double', '41') }]);
    assert.deepEqual(answer.json.inoutputArguments, [{ value: property('Count', 'xs:int', '8') }]);
};
const valueResult = (answer) => {
    assert.equal(answer.json.executionState, 'Completed');
    assert.deepEqual(answer.json.outputArguments, { Mass: 41 });
    assert.deepEqual(answer.json.inoutputArguments, { Count: 8 });
};
const failed = (answer) => {
    assert.equal(answer.json.executionState, 'Failed');
    assert.ok(answer.json.messages[0].text.length > 10, 'why it failed');
};

const params = { idShortPath: 'Weigh' };
const noOperation = {
    name: 'an element that is no operation',
    params: { idShortPath: 'Tonnage' },
    status: 405,
};
const common = { before: workedBy('/weigh'), params, emptyObject: true, emptyBody: true };
const noTarget = { name: 'nobody does the work', before: () => undefined, status: 501 };
const notAllowed = {
    name: 'a worker that is not allowed',
    before: (t) => delegate(t, 'http://192.0.2.1/weigh'),
    status: [501, 403],
};
const wrongArguments = (argument, without) => [
    { name: 'an argument of another type', body: argument('heavy'), status: 400 },
    { name: 'an argument nobody knows', body: without, status: 400 },
    {
        name: 'a time that is none',
        body: { ...argument('1'), clientTimeoutDuration: 'soon' },
        status: 400,
    },
    noOperation,
    noTarget,
    notAllowed,
];
const fullErrors = wrongArguments((text) => ({ inputArguments: force(text) }), {
    inputArguments: [{ value: property('Colour', 'xs:string', 'red') }],
});
const valueErrors = wrongArguments((text) => ({ inputArguments: { Force: text } }), {
    inputArguments: { Colour: 'red' },
});

define(`POST ${E}/invoke`, {
    ...common,
    good: { body: full },
    status: 200,
    check: fullResult,
    also: [
        { name: 'with what is declared', body: {} },
        { name: 'a worker that fails', before: workedBy('/broken'), check: failed },
        { name: 'a worker that answers half', before: workedBy('/wrong'), check: failed },
    ],
    errors: fullErrors,
});
define(`POST ${E}/invoke/$value`, {
    ...common,
    good: { body: byValue },
    status: 200,
    check: valueResult,
    errors: valueErrors,
});

// Status, then result.
const ends = (check) => async (answer, t) => {
    const end = await outcome(t, answer);
    assert.equal(end.status, 200, String(end));
    check(end);
};
// The time may be left out: the server has one of its own then.
const untimed = { lenient: ['clientTimeoutDuration'] };
define(`POST ${E}/invoke-async`, {
    ...untimed,
    ...common,
    good: { body: full },
    status: 202,
    check: ends(fullResult),
    also: [{ name: 'a worker that fails', before: workedBy('/broken'), check: ends(failed) }],
    errors: fullErrors,
});
define(`POST ${E}/invoke-async/$value`, {
    ...untimed,
    ...common,
    good: { body: byValue },
    status: 202,
    check: ends(valueResult),
    errors: valueErrors,
});

// Invokes at the root under test and gives the handle; waits for the end unless it is to be seen running.
async function handle(t, suffix, body, wait) {
    const root = t.operation.path
        .slice(0, t.operation.path.indexOf('/{idShortPath}'))
        .replace('{aasIdentifier}', code.shell)
        .replace('{submodelIdentifier}', code.submodel);
    const answer = await t.call('POST', `${root}/Weigh/invoke-async${suffix}`, { body });
    assert.equal(answer.status, 202, `set-up: invoke-async: ${answer}`);
    const status = new URL(answer.headers.location, `${t.base}${root}/Weigh/invoke-async`).pathname;
    for (let left = 1000; wait && (await t.call('GET', status)).status === 200; left--) {
        assert.ok(left > 0, 'the work has no end');
        await pause(20);
    }
    return { handleId: status.split('/').pop() };
}
const done = (suffix, body) => async (t) => {
    await workedBy('/weigh')(t);
    return handle(t, suffix, body, true);
};
const running = async (t) => {
    await workedBy('/slow')(t);
    return handle(t, '', full, false);
};
const otherPath = {
    name: 'the handle of another operation',
    params: { idShortPath: 'Tonnage' },
    status: [404, 405],
};

define(`GET ${E}/operation-status/{handleId}`, {
    before: done('', full),
    params,
    status: 302,
    badHandle: [400, 404],
    check: (answer, t) =>
        assert.match(
            new URL(answer.headers.location, t.base + t.path).pathname,
            /\/operation-results\//,
        ),
    also: [
        {
            name: 'running',
            before: running,
            status: 200,
            check: (answer, t) => {
                assert.match(answer.json.executionState, /^(Initiated|Running)$/);
                t.world.worker.release();
            },
        },
    ],
    errors: [otherPath],
});
define(`GET ${E}/operation-results/{handleId}`, {
    before: done('', full),
    params,
    status: 200,
    badHandle: [400, 404],
    check: fullResult,
    errors: [otherPath],
});
define(`GET ${E}/operation-results/{handleId}/$value`, {
    before: done('/$value', byValue),
    params,
    status: 200,
    badHandle: [400, 404],
    check: valueResult,
    errors: [otherPath],
});
