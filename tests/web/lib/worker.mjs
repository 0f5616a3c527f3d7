// SPDX-License-Identifier: Apache-2.0
// Somebody who does the work of operations: gets the arguments, gives the results.
import http from 'node:http';

export class Worker {
    static async start() {
        const worker = new Worker();
        worker.held = [];
        worker.server = http.createServer((request, response) => {
            const parts = [];
            request.on('data', (part) => parts.push(part));
            request.on('end', () => {
                const give = () =>
                    worker.#give(request.url, JSON.parse(Buffer.concat(parts)), response);
                if (request.url === '/slow') {
                    worker.held.push(give);
                } else {
                    give();
                }
            });
        });
        await new Promise((resolve) => worker.server.listen(0, '127.0.0.1', resolve));
        worker.host = `127.0.0.1:${worker.server.address().port}`;
        return worker;
    }

    // Mass is twice the force, the count goes up by one.
    #give(url, variables, response) {
        const given = Object.fromEntries(
            variables.map(({ value }) => [value.idShort, value.value]),
        );
        const results = [
            {
                value: {
                    modelType: 'Property',
                    idShort: 'Mass',
                    valueType: 'xs:double',
                    value: String(2 * given.Force),
                },
            },
            {
                value: {
                    modelType: 'Property',
                    idShort: 'Count',
                    valueType: 'xs:int',
                    value: String(1 + Number(given.Count)),
                },
            },
        ];
        response.statusCode = url === '/broken' ? 500 : 200;
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify(url === '/wrong' ? results.slice(1) : results));
    }

    // Lets the slow work go on.
    release() {
        for (const give of this.held.splice(0)) {
            give();
        }
    }

    stop() {
        this.release();
        this.server.closeAllConnections();
        return new Promise((resolve) => this.server.close(resolve));
    }
}
