/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The URL of the database, taken apart. Of several hosts each is connected to by itself, with a
 * limit in time: libpq would stay with one that answers nothing. One thread.
 */
#include "postgres_private.h"

#include <stdlib.h>
#include <string.h>

#define HOST_MS         3000
#define HOST_BYTES      512
#define OPTIONS_OF_OURS 12

struct postgres_option {
    const char *keyword;
    const char *value;
};

/* Whatever the URL says. Texts come and go as UTF-8; which server may be written to is seen to in
 * check.c. */
static const struct postgres_option postgres_always[] = {
    {"client_encoding", "UTF8"},
    {"target_session_attrs", "any"},
};

/* Where the URL says nothing else. A machine that is gone is noticed within some five seconds. */
static const struct postgres_option postgres_otherwise[] = {
    {"fallback_application_name", "lovebankd"},
    {"keepalives_idle", "2"},
    {"keepalives_interval", "1"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "5000"},
};

static const char *place_value(const struct postgres_place *place, const char *keyword)
{
    for (const PQconninfoOption *each = place->given; each->keyword != NULL; each++) {
        if (strcmp(each->keyword, keyword) == 0) {
            return each->val;
        }
    }
    return NULL;
}

/* Of a list with commas; NULL has none. */
static unsigned list_count(const char *list)
{
    unsigned count = list == NULL ? 0 : 1;
    for (const char *at = list; at != NULL && *at != '\0'; at++) {
        count += *at == ',';
    }
    return count;
}

/* The nth of a list; of a list of one, that one. false: too long. */
static bool list_get(const char *list, unsigned n, char out[HOST_BYTES])
{
    const char *at = list;
    for (unsigned i = list_count(list) == 1 ? n : 0; i < n; i++) {
        at += strcspn(at, ",") + 1;
    }
    size_t size = strcspn(at, ",");
    if (size >= HOST_BYTES) {
        return false;
    }
    memcpy(out, at, size);
    out[size] = '\0';
    return true;
}

/* libpq marks what is not to be shown. */
static bool has_secret(const PQconninfoOption *given)
{
    for (; given->keyword != NULL; given++) {
        if (given->val != NULL && strchr(given->dispchar, '*') != NULL) {
            return true;
        }
    }
    return false;
}

/* NULL: nobody understands it. */
static PQconninfoOption *url_parse(const char *url)
{
    char *error = NULL; /* not shown: it may repeat the URL, and that a password */
    PQconninfoOption *given = url == NULL || *url == '\0' ? NULL : PQconninfoParse(url, &error);
    PQfreemem(error);
    return given;
}

enum postgres_url postgres_check_url(const char *url)
{
    PQconninfoOption *given = url_parse(url);
    if (given == NULL) {
        return POSTGRES_URL_UNREADABLE;
    }
    bool is_secret = has_secret(given);
    PQconninfoFree(given);
    return is_secret ? POSTGRES_URL_SECRET : POSTGRES_URL_GOOD;
}

/* NULL, or what is wrong with it. */
static const char *place_problem(struct postgres_place *place)
{
    if (has_secret(place->given)) {
        return "it holds a password, which others can see there; put that into ~/.pgpass, or a "
               "file that PGPASSFILE names";
    }
    unsigned hosts = list_count(place_value(place, "host"));
    unsigned addresses = list_count(place_value(place, "hostaddr"));
    unsigned ports = list_count(place_value(place, "port"));
    if (hosts != 0 && addresses != 0 && hosts != addresses) {
        return "it has not as many addresses as hosts";
    }
    place->host_count = hosts > addresses ? hosts : addresses;
    if (place->host_count == 0) {
        place->host_count = 1;
    }
    if (ports > 1 && ports != place->host_count) {
        return "it has not as many ports as hosts";
    }
    char host[HOST_BYTES];
    for (unsigned i = 0; i < place->host_count; i++) {
        if ((hosts > 0 && !list_get(place_value(place, "host"), i, host)) ||
            (addresses > 0 && !list_get(place_value(place, "hostaddr"), i, host)) ||
            (ports > 0 && !list_get(place_value(place, "port"), i, host))) {
            return "the name of a host is too long";
        }
    }
    return NULL;
}

enum lb_result postgres_place_init(struct postgres_log *log, const char *url)
{
    struct postgres_place *place = &log->place;
    place->given = url_parse(url);
    const char *problem =
        place->given == NULL
            ? "write it like postgres://user@host/database, or with several hosts, host1,host2"
            : place_problem(place);
    if (problem != NULL) {
        postgres_report(log, "the URL of the database cannot be used: %s", problem);
        return LB_CONFIG_INVALID;
    }
    const char *seconds = place_value(place, "connect_timeout");
    long given = seconds == NULL ? 0 : strtol(seconds, NULL, 10);
    place->host_ms = given > 0 && given < INT32_MAX ? given * INT64_C(1000) : HOST_MS;
    return LB_OK;
}

void postgres_place_fini(struct postgres_place *place)
{
    PQconninfoFree(place->given);
    place->given = NULL;
}

/* What libpq is told, as it wants it. */
struct postgres_told {
    const char **keywords;
    const char **values;
    size_t count;
};

static void tell(struct postgres_told *told, const char *keyword, const char *value)
{
    size_t i = 0;
    while (i < told->count && strcmp(told->keywords[i], keyword) != 0) {
        i++;
    }
    told->keywords[i] = keyword;
    told->values[i] = value;
    told->count += i == told->count;
}

static void tell_all(struct postgres_told *told, const struct postgres_place *place)
{
    for (size_t i = 0; i < sizeof(postgres_otherwise) / sizeof(postgres_otherwise[0]); i++) {
        tell(told, postgres_otherwise[i].keyword, postgres_otherwise[i].value);
    }
    for (const PQconninfoOption *each = place->given; each->keyword != NULL; each++) {
        if (each->val != NULL) {
            tell(told, each->keyword, each->val);
        }
    }
    for (size_t i = 0; i < sizeof(postgres_always) / sizeof(postgres_always[0]); i++) {
        tell(told, postgres_always[i].keyword, postgres_always[i].value);
    }
}

PGconn *postgres_place_connect(const struct postgres_place *place, unsigned host)
{
    static const char *const lists[] = {"host", "hostaddr", "port"};
    char parts[sizeof(lists) / sizeof(lists[0])][HOST_BYTES];
    size_t cap = OPTIONS_OF_OURS;
    for (const PQconninfoOption *each = place->given; each->keyword != NULL; each++) {
        cap++;
    }
    struct postgres_told told = {
        .keywords = calloc(cap, sizeof(told.keywords[0])),
        .values = calloc(cap, sizeof(told.values[0])),
    };
    PGconn *connection = NULL;
    if (told.keywords != NULL && told.values != NULL) {
        tell_all(&told, place);
        for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
            const char *list = place_value(place, lists[i]);
            if (list != NULL && list_get(list, host, parts[i])) {
                tell(&told, lists[i], parts[i]);
            }
        }
        connection = PQconnectStartParams(told.keywords, told.values, 0);
    }
    free(told.keywords);
    free(told.values);
    return connection;
}

void postgres_place_name(const struct postgres_place *place, unsigned host, char *out, size_t cap)
{
    char name[HOST_BYTES] = "the default host";
    const char *hosts = place_value(place, "host");
    if (hosts == NULL) {
        hosts = place_value(place, "hostaddr");
    }
    if (hosts != NULL) {
        (void)list_get(hosts, host, name);
    }
    (void)snprintf(out, cap, "%s", name);
}
