/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_OPERATIONS_VARIABLES_H
#define JIG_API_OPERATIONS_VARIABLES_H
/* Operation variables: reading them out of any JSON, and comparing them with a declaration. */
#include "aas/json.h"
#include "api/operations.h"

/* One list of variables with what it is called in requests and results. */
struct variable_list {
    enum meta_prop_id id;
    const char *name;
};

/* The element of a variable; its idShort, "" when it has none. */
const struct aas_node *variable_element(const struct aas_node *variable);
const char *variable_name(const struct aas_node *variable);

/* The variable of a list with this idShort, NULL when there is none. */
struct aas_node *variable_find(
    const struct aas_node *operation, enum meta_prop_id list, const char *name);

/* True when its cardinality lets it be absent. */
bool variable_is_optional(const struct aas_node *variable);

/* ERR_BAD_INPUT unless kind and types are the declared ones. */
ERR_MUST_USE enum err_code variable_check(
    const struct aas_node *declared, const struct aas_node *given, struct err *err);

/* An Operation with the idShort of `like` and no variables. */
ERR_MUST_USE enum err_code variables_begin(
    struct arena *arena, const struct aas_node *like, struct aas_node **made, struct err *err);

/* Puts a variable behind the others of a list. */
ERR_MUST_USE enum err_code variables_append(struct arena *arena, struct aas_node *operation,
    enum meta_prop_id list, struct aas_node *variable, struct err *err);

/* Judges an Operation with its variables by the rules of the metamodel. ERR_INVALID with findings
 * in the report. */
ERR_MUST_USE enum err_code variables_judge(
    const struct aas_node *operation, struct report *report, struct err *err);

/* Reads arrays of operation variables (NULL: none) as the lists of an Operation with the idShort of
 * `like` and judges it by the rules of the metamodel. ERR_UNREADABLE and ERR_INVALID with findings
 * in the report; their lines mean nothing. `bytes`: of the text the arrays come from. */
ERR_MUST_USE enum err_code variables_read(struct arena *arena, struct report *report,
    const struct aas_node *like, const struct variable_list *lists,
    const struct json *const *arrays, size_t count, size_t bytes, struct aas_node **read,
    struct err *err);

/* Appends the variables of a list, with a comma before all but the first. */
void variables_write(
    struct buf *buf, const struct aas_node *operation, enum meta_prop_id list, bool *any);

#endif
