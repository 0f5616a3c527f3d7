/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_LISTING_H
#define JIG_API_LISTING_H
/*
 * Pages of identifiables. idShort and semanticId are looked up in indexes of the store; assetIds,
 * isCaseOf and dataSpecificationRef are compared document by document, at most
 * LISTING_MAX_COMPARED per request: a page may then be short or empty and still have a cursor.
 */
#include "api/parameters.h"

enum {
    LISTING_MAX_COMPARED = 5000,
    LISTING_MAX_ASSET_IDS = 16,
    LISTING_PAGE_BYTES = 64 * 1024 * 1024, /* a page ends early beyond this */
};

struct listing_asset_id {
    const char *name;
    const char *value;
};

struct listing {
    struct registry_filter filter;
    size_t limit;
    struct api_modifiers modifiers;
    struct listing_asset_id asset_ids[LISTING_MAX_ASSET_IDS]; /* all of them must be there */
    size_t asset_id_count;
    const char *is_case_of;
    const char *data_specification;
};

/* Reads the parameters that lists of the route's kind have. */
ERR_MUST_USE enum err_code listing_read(
    struct api_request *request, struct listing *listing, struct err *err);

/* Appends the page with its paging_metadata. */
ERR_MUST_USE enum err_code listing_write(struct api_request *request, const struct listing *listing,
    struct registry_view *view, struct buf *buf, struct err *err);

#endif
