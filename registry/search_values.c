/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/search_values.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "registry/keys.h"
#include "registry/registry_inside.h"
#include "registry/upgrade.h"

static const char values_key[] = "search-values";

/* Names with a comma between; read while documents are prepared. */
static struct {
    pthread_rwlock_t lock;
    char names[SEARCH_VALUES_BYTES];
    atomic_bool any; /* spares most writes the lock */
} now = {.lock = PTHREAD_RWLOCK_INITIALIZER};

static void use(const char *names, size_t len)
{
    pthread_rwlock_wrlock(&now.lock);
    memcpy(now.names, names, len);
    now.names[len] = '\0';
    atomic_store(&now.any, len > 0);
    pthread_rwlock_unlock(&now.lock);
}

/* ------------------------------------------------------------------ looking */

/* One name after the other, without blanks around it. */
static bool next_name(const char **at, const char **name, size_t *len)
{
    while (**at == ',' || **at == ' ') {
        (*at)++;
    }
    *name = *at;
    *len = strcspn(*at, ",");
    *at += *len;
    while (*len > 0 && (*name)[*len - 1] == ' ') {
        (*len)--;
    }
    return *len > 0;
}

static bool is_named(const char *text)
{
    const char *at = now.names;
    const char *name = NULL;
    size_t len = 0;
    while (text != NULL && next_name(&at, &name, &len)) {
        if (strlen(text) == len && memcmp(text, name, len) == 0) {
            return true;
        }
    }
    return false;
}

static bool reference_is_named(const struct aas_node *reference)
{
    size_t count = 0;
    struct aas_node **keys = reference == NULL ? NULL : aas_list(reference, PROP_keys, &count);
    for (size_t i = 0; i < count; i++) {
        if (is_named(aas_text(keys[i], PROP_value))) {
            return true;
        }
    }
    return false;
}

bool search_values_has(const struct aas_node *element)
{
    size_t count = 0;
    if (!atomic_load(&now.any)) {
        return false;
    }
    pthread_rwlock_rdlock(&now.lock);
    struct aas_node **more = aas_list(element, PROP_supplementalSemanticIds, &count);
    bool named = is_named(aas_text(element, PROP_idShort)) ||
                 reference_is_named(aas_child(element, PROP_semanticId));
    for (size_t i = 0; i < count && !named; i++) {
        named = reference_is_named(more[i]);
    }
    pthread_rwlock_unlock(&now.lock);
    return named;
}

bool search_values_may(const char *json, size_t len)
{
    const char *name = NULL;
    size_t name_len = 0;
    bool may = false;
    if (!atomic_load(&now.any)) {
        return false;
    }
    pthread_rwlock_rdlock(&now.lock);
    for (const char *at = now.names; !may && next_name(&at, &name, &name_len);) {
        may = memmem(json, len, name, name_len) != NULL;
    }
    pthread_rwlock_unlock(&now.lock);
    return may;
}

/* ------------------------------------------------------------------ the store */

static enum err_code read_names(
    struct store *store, char names[SEARCH_VALUES_BYTES], struct err *err)
{
    struct store_txn txn;
    struct store_bytes value;
    enum err_code code = store_read(store, &txn, err);
    if (code != ERR_OK) {
        return code;
    }
    names[0] = '\0';
    if (store_get(&txn, STORE_META, values_key, sizeof values_key - 1, &value) == ERR_OK &&
        value.len < SEARCH_VALUES_BYTES) {
        memcpy(names, value.bytes, value.len);
        names[value.len] = '\0';
    }
    store_end(&txn);
    return ERR_OK;
}

static enum err_code write_names(struct store_txn *txn, void *context, struct err *err)
{
    const char *names = context;
    (void)err;
    return store_put(txn, STORE_META, values_key, sizeof values_key - 1, names, strlen(names));
}

enum err_code search_values_open(struct registry *registry, const char *names, struct err *err)
{
    char stored[SEARCH_VALUES_BYTES];
    char wanted[SEARCH_VALUES_BYTES];
    enum err_code code = read_names(registry->store, stored, err);
    if (code != ERR_OK) {
        return code;
    }
    const char *asked = names == NULL ? stored : strcmp(names, "none") == 0 ? "" : names;
    if (strlen(asked) >= sizeof wanted) {
        return err_set(err, ERR_BAD_INPUT,
            "the names of elements whose values are searched are "
            "longer than %d bytes",
            SEARCH_VALUES_BYTES - 1);
    }
    memcpy(wanted, asked, strlen(asked) + 1);
    use(wanted, strlen(wanted));
    if (strcmp(wanted, stored) == 0) {
        return ERR_OK;
    }
    /* The names are noted behind the entries, so that an interruption is made up for. */
    code = registry_renew_search(registry, err);
    return code == ERR_OK ? store_write(registry->store, write_names, wanted, err) : code;
}
