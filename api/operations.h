/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_OPERATIONS_H
#define JIG_API_OPERATIONS_H
/*
 * Invocation of operations (IDTA-01002, "InvokeOperationSync", "InvokeOperationAsync").
 *
 * An Operation element says who does its work by a qualifier of type "invocationDelegation" with
 * an http or https URL as value, as BaSyx has it. That URL gets a POST with a JSON array of
 * OperationVariable objects (inputs, then in-outputs, in declared order) and answers with a JSON
 * array of OperationVariable objects (outputs and in-outputs, in any order). Only hosts named by
 * the operator are asked (api/delegate.h).
 *
 * Arguments are checked before anything is sent, the answer before anything is given on: every
 * variable is declared, has the declared kind and types, follows the rules of the metamodel, and
 * none is missing. An input that is missing is sent as declared when it is declared with a value,
 * and left out when its cardinality (qualifier "SMT/Cardinality", "Cardinality" or "Multiplicity")
 * begins with "ZeroTo".
 */
#include <stdbool.h>

#include "api/delegate.h"
#include "api/http.h"
#include "api/jobs.h"

#define OPERATIONS_TARGET "invocationDelegation" /* type of the qualifier */

enum {
    OPERATIONS_DEFAULT_MS = 60 * 1000, /* without clientTimeoutDuration */
    OPERATIONS_MAX_MS = 60 * 60 * 1000 /* a longer clientTimeoutDuration is cut to this */
};

struct operations {
    struct delegate_hosts hosts;
    struct jobs *jobs;
};

/* `delegate`: hosts as in delegate_hosts_read; `memory`: bytes that all requests may use together.
 * ERR_BAD_INPUT, ERR_NO_MEMORY. */
ERR_MUST_USE enum err_code operations_start(
    const char *delegate, size_t memory, struct operations **operations, struct err *err);

/* Ends all invocations, so that no request waits for one any more. NULL is fine. */
void operations_cancel(struct operations *operations);

/* Waits for the threads and frees everything. NULL is fine. */
void operations_stop(struct operations *operations);

/* ------------------------------------------------------------------ arguments and results */

/* Reads an OperationRequest (or OperationRequestValueOnly) and checks it against the declaration.
 * *sent is an Operation in the request's arena with the arguments as its variables in declared
 * order, *timeout_ms the time the client gives. An empty body says nothing. ERR_BAD_INPUT,
 * ERR_UNREADABLE, ERR_INVALID (with findings in the request's report), ERR_TOO_LARGE. */
ERR_MUST_USE enum err_code operations_read(struct api_request *request,
    const struct aas_node *operation, bool value_only, struct aas_node **sent, int64_t *timeout_ms,
    struct err *err);

/* Appends what the target is sent: a JSON array of the arguments. */
void operations_write_sent(struct buf *buf, const struct aas_node *sent);

/* Checks the target's answer against the declaration and writes the job's results. ERR_INVALID,
 * ERR_BAD_INPUT, ERR_UNREADABLE, ERR_TOO_LARGE with a sentence about the answer. */
ERR_MUST_USE enum err_code operations_take_answer(
    struct job *job, const char *bytes, size_t len, struct err *err);

/* Writes results without arguments, with one message. */
void operations_write_failure(struct job *job, enum job_state state, const char *sentence);

/* "PT1M30S" in milliseconds (a month has 30 days, a year 365), cut to OPERATIONS_MAX_MS. False when
 * it is no duration of XML Schema or a negative one. */
bool operations_duration(const char *text, int64_t *ms);

#endif
