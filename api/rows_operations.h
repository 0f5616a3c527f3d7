/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: invocation of operations. */
