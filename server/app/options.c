/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The table of settings, and the values that need more than one look.
 */
#include "app/options.h"

#include "base/socket_address.h"
#include "lovebank/limits.h"
#include "postgres/postgres.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ZONE_EAST_S_MAX (14 * 3600)
#define KIB             (UINT64_C(1) << 10)
#define MIB             (UINT64_C(1) << 20)
#define TIB             (UINT64_C(1) << 40)
#define HOUR_MS         UINT64_C(3600000)

#define KEY_FILE       "/etc/lovebank/epoch.key"
#define KEY_CREDENTIAL "lovebank-key"
#define CREDENTIALS    "CREDENTIALS_DIRECTORY=" /* set by systemd */

#define FIELD(name) offsetof(struct options, name)

/* clang-format off */
static const struct config_option table[] = {
    {CONFIG_FILE_OPTION, CONFIG_PATH, FIELD(config), 0, 0, "/etc/lovebank/lovebankd.conf",
     "设置文件", "the file of settings"},
    {"data-dir", CONFIG_PATH, FIELD(data_dir), 1, 0, "/var/lib/lovebank",
     "账本所在的目录，须在本地磁盘上", "the directory of the book, on a local disk"},
    {"key-file", CONFIG_PATH, FIELD(key_file), 0, 0, "",
     "个人信息的密钥文件；与数据目录分开存放和备份。留空：systemd 凭据 " KEY_CREDENTIAL
     "，没有时 " KEY_FILE,
     "the keys of the personal data; keep them and back them up apart from the data directory; "
     "empty: the systemd credential " KEY_CREDENTIAL ", or without one " KEY_FILE},
    {"store", CONFIG_URL, FIELD(store), 0, 0, "",
     "账本放在 PostgreSQL 时它的地址，如 postgres://lovebank@db1,db2/lovebank，不写密码；"
     "这时数据目录只是本机的缓存。留空：账本在数据目录里",
     "where the book is kept in PostgreSQL, postgres://lovebank@db1,db2/lovebank, without a "
     "password; the data directory is then a cache of it; empty: the book is in the data directory"},
    {"store-book", CONFIG_TEXT, FIELD(store_book), 1, 63, "lovebank",
     "账本在数据库里的名字；一个数据库可放几本", "the book's name in the database, which may hold several"},
    {"store-ha", CONFIG_BOOL, FIELD(store_ha), 0, 0, "no",
     "数据库的 synchronous_standby_names 写明了同步备机才启动，主机坏了也不丢账；备机都不在时，记账要等",
     "start only where the database names a synchronous standby (synchronous_standby_names), so that "
     "losing a machine loses nothing; while none is there, commits wait"},
    {"store-reach", CONFIG_DURATION_MS, FIELD(store_reach_ms), 1, HOUR_MS, "15s",
     "连不上数据库时，每一步最多等多久", "how long each step of a request waits for a database that cannot be reached"},
    {"create", CONFIG_BOOL, FIELD(create), 0, 0, "yes",
     "没有账本时新建账本和密钥", "make the book and the key when there is no book yet"},
    {"socket", CONFIG_PATH, FIELD(socket), 0, 107, "/run/lovebank/lovebank.sock",
     "Unix 套接字；留空则没有", "the Unix socket; empty: none"},
    {"insecure-loopback", CONFIG_TEXT, FIELD(insecure_loopback), 0, 0, "",
     "另在本机回环地址监听，如 127.0.0.1:7700；不加密，不认人",
     "also listen on a loopback address, 127.0.0.1:7700; without encryption or identity"},
    {"insecure-no-login", CONFIG_BOOL, FIELD(insecure_no_login), 0, 0, "no",
     "谁能连上谁就什么都能做，不用登录；只供试用和测试",
     "whoever can connect may do everything, without a log-in; for trials and tests only"},
    {"tls-listen", CONFIG_TEXT, FIELD(tls_listen), 0, 0, "",
     "用 TLS 1.3 监听的地址，如 0.0.0.0:7701 或 [::]:7701；留空则没有",
     "an address to listen on with TLS 1.3, 0.0.0.0:7701 or [::]:7701; empty: none"},
    {"tls-certificate", CONFIG_PATH, FIELD(tls_certificate), 0, 0, "/etc/lovebank/tls/server.pem",
     "服务器的证书，PEM 格式；改了以后发 SIGHUP", "the server's certificate, PEM; SIGHUP reads it again"},
    {"tls-key", CONFIG_PATH, FIELD(tls_key), 0, 0, "/etc/lovebank/tls/server.key",
     "证书的私钥", "the certificate's private key"},
    {"tls-client-ca", CONFIG_PATH, FIELD(tls_client_ca), 0, 0, "",
     "设了它，TLS 的客户端须出示由它签发的证书", "clients of TLS must show a certificate issued by this one; empty: they need not"},
    {"http-listen", CONFIG_TEXT, FIELD(http_listen), 0, 0, "",
     "网页和标准客户端（HTTP）在本机回环地址监听，如 127.0.0.1:7702；不加密，供反向代理或试用；留空则没有",
     "a loopback address for pages and standard clients (HTTP), 127.0.0.1:7702; not encrypted: for a "
     "reverse proxy or a trial; empty: none"},
    {"https-listen", CONFIG_TEXT, FIELD(https_listen), 0, 0, "",
     "网页和标准客户端用 HTTPS 监听的地址，如 0.0.0.0:7703；证书同 tls-certificate；留空则没有",
     "an address for pages and standard clients with HTTPS, 0.0.0.0:7703; its certificate is "
     "tls-certificate; empty: none"},
    {"http-hosts", CONFIG_TEXT, FIELD(http_hosts), 0, 0, "",
     "浏览器里输入的服务器名，用逗号隔开；IP 地址和 localhost 总是可以",
     "the server's names as typed in a browser, separated by commas; addresses and localhost always "
     "do"},
    {"http-proxies", CONFIG_TEXT, FIELD(http_proxies), 0, 0, "",
     "反向代理的 IP 地址，用逗号隔开；只信它们给的 X-Forwarded-For",
     "addresses of reverse proxies, separated by commas; X-Forwarded-For is believed of these only"},
    {"web-dir", CONFIG_PATH, FIELD(web_dir), 0, 0, "/usr/share/lovebank/web",
     "网页文件所在的目录；留空则不提供网页", "the directory of the pages; empty: none are served"},
    {"public-board", CONFIG_BOOL, FIELD(public_board), 0, 0, "yes",
     "星级榜不登录也能看，姓名部分隐去", "the star board is public, without a log-in, names masked"},
    {"zone-east", CONFIG_TEXT, FIELD(zone_east), 1, 6, "28800",
     "账本的时区：格林尼治以东的秒数；一本账不可更改",
     "the book's time zone, seconds east of Greenwich; never change it for a book"},
    {"log-level", CONFIG_TEXT, FIELD(log_level), 1, 8, "info",
     "日志级别：debug、info、warn、error", "debug, info, warn or error"},

    {"connections-max", CONFIG_U32, FIELD(connections_max), 1, 65536, "256",
     "最多的连接数", "connections at a time"},
    {"connections-address-max", CONFIG_U32, FIELD(connections_place_max), 1, 65536, "128",
     "同一地址最多的连接数；本机按用户计", "connections of one address, or of one user of this machine"},
    {"address-connections", CONFIG_U32, FIELD(connections_place_per_s), 1, 1000000, "100",
     "同一地址每秒新建的连接数；本机按用户计",
     "new connections a second of one address, or of one user of this machine"},
    {"handshakes-max", CONFIG_U32, FIELD(handshakes_max), 4, 65536, "64",
     "每个监听处还没有登录的连接数；多一个就断开最早的；同一地址最多占四分之一",
     "connections of each listener that have not logged in; one more, and the oldest is cut; of one "
     "address, a quarter"},
    {"inflight-max", CONFIG_U32, FIELD(inflight_max), 1, 65536, "64",
     "每个连接最多有几个未答复的请求", "requests of one connection without a reply"},
    {"inflight-bytes-max", CONFIG_SIZE, FIELD(inflight_bytes_max), 4 * KIB, 1024 * MIB, "8MiB",
     "每个连接未答复请求的总字节数", "bytes of one connection's requests without a reply"},
    {"out-bytes-max", CONFIG_SIZE, FIELD(out_bytes_max), 4 * KIB, 1024 * MIB, "8MiB",
     "每个连接等待发出的字节数", "bytes waiting to be sent to one connection"},
    {"frame-bytes-max", CONFIG_SIZE, FIELD(frame_bytes_max), 128 * KIB,
     LB_FRAME_PAYLOAD_BYTES_MAX, "4MiB",
     "一个请求或答复最大的字节数", "the largest request or reply"},
    {"handshake-timeout", CONFIG_DURATION_MS, FIELD(handshake_timeout_ms), 1, HOUR_MS, "5s",
     "连接后多久之内须打招呼", "from connecting to being greeted"},
    {"idle-timeout", CONFIG_DURATION_MS, FIELD(idle_timeout_ms), 1, 24 * HOUR_MS, "10min",
     "连接闲置多久后断开", "a connection without traffic"},
    {"frame-timeout", CONFIG_DURATION_MS, FIELD(frame_timeout_ms), 1, HOUR_MS, "30s",
     "一个请求从头到尾须在多久之内到齐", "from the first byte of a request to its last"},
    {"write-timeout", CONFIG_DURATION_MS, FIELD(write_timeout_ms), 1, HOUR_MS, "30s",
     "对方多久不取答复就断开", "with replies waiting and none of them taken"},
    {"stop-timeout", CONFIG_DURATION_MS, FIELD(stop_timeout_ms), 1, HOUR_MS, "10s",
     "停机时等待未完请求的时间", "for the requests in flight when the server stops"},
    {"http-connections-max", CONFIG_U32, FIELD(http_connections_max), 1, 65536, "1024",
     "HTTP 最多的连接数", "connections of HTTP at a time"},
    {"http-inflight-max", CONFIG_U32, FIELD(http_inflight_max), 1, 65536, "1024",
     "HTTP 最多有几个未答复的请求", "requests of HTTP without a reply"},
    {"http-streams-max", CONFIG_U32, FIELD(http_streams_max), 1, 65536, "256",
     "HTTP 最多有几个实时推送", "live streams of HTTP at a time"},
    {"http-body-max", CONFIG_SIZE, FIELD(http_body_max), 4 * KIB, LB_FRAME_PAYLOAD_BYTES_MAX,
     "4MiB", "HTTP 请求内容最大的字节数", "the largest body of a request of HTTP"},

    {"sessions-max", CONFIG_U32, FIELD(sessions_max), 1, 65536, "1024",
     "同时登录的会话数", "sessions of all operators"},
    {"sessions-operator-max", CONFIG_U32, FIELD(sessions_operator_max), 1, 65536, "16",
     "同一个人同时登录的会话数；再多就结束闲置最久的",
     "sessions of one operator; one more, and the one longest unused ends"},
    {"session-idle", CONFIG_DURATION_MS, FIELD(session_idle_ms), 1, 24 * HOUR_MS, "30min",
     "登录后闲置多久要重新登录", "a session without a request"},
    {"session-length", CONFIG_DURATION_MS, FIELD(session_absolute_ms), 1, 168 * HOUR_MS, "12h",
     "登录后最多多久要重新登录", "a session at the longest"},
    {"login-failures-max", CONFIG_U32, FIELD(login_failures_max), 1, 1000, "20",
     "连续输错多少次密码就锁定账户", "wrong passwords in a row that lock an account"},
    {"password-queue-max", CONFIG_U32, FIELD(password_queue_max), 1, 10000, "64",
     "排队核对的密码数；同一地址最多占一半", "passwords waiting to be checked; of one address, half"},
    {"guest-requests", CONFIG_U32, FIELD(guest_requests), 1, 10000000, "200",
     "一个地址每秒登录和登录之前的请求数；本机按用户计",
     "requests a second of one address to log in and before it, or of one user of this machine"},
    {"account-requests", CONFIG_U32, FIELD(account_requests), 1, 10000000, "2000",
     "一个账户每秒的请求数", "requests a second of one account"},
    {"account-bytes", CONFIG_SIZE, FIELD(account_bytes), KIB, 1024 * MIB, "16MiB",
     "一个账户每秒的请求字节数", "bytes of requests a second of one account"},
    {"address-requests", CONFIG_U32, FIELD(place_requests), 1, 10000000, "10000",
     "一个地址每秒的请求数；本机按用户计",
     "requests a second of one address, or of one user of this machine"},
    {"address-bytes", CONFIG_SIZE, FIELD(place_bytes), KIB, 1024 * MIB, "64MiB",
     "一个地址每秒的请求字节数", "bytes of requests a second of one address"},
    {"first-login", CONFIG_TEXT, FIELD(first_login), 2, 32, "admin",
     "init：第一个管理员的登录名", "init: the log-in name of the first administrator"},
    {"new-code", CONFIG_TEXT, FIELD(new_code), 0, 32, "",
     "init：给这个登录名新的一次性口令，并解除锁定",
     "init: a new one-time code for that log-in name, which is unlocked too"},

    {"queue-commands-max", CONFIG_U32, FIELD(queue_commands_max), LB_BATCH_COMMANDS_MAX, 1000000,
     "32768", "排队等待记账的指令数", "commands waiting for their group"},
    {"group-commands-max", CONFIG_U32, FIELD(group_commands_max), LB_BATCH_COMMANDS_MAX, 1000000,
     "8192", "一次落盘最多的指令数", "commands made durable at once"},
    {"work-queue-max", CONFIG_U32, FIELD(work_queue_max), 1, 10000, "64",
     "排队的报表数", "long reads waiting"},
    {"request-memory-max", CONFIG_SIZE, FIELD(request_memory_max), 48 * MIB, 65536 * MIB, "64MiB",
     "所有请求合用的内存", "memory of all requests together"},

    {"map-size", CONFIG_SIZE, FIELD(map_size), 16 * MIB, 16 * TIB, "1GiB",
     "数据库起始的地址空间；会自动增长", "address space of the book at first; it grows by itself"},
    {"map-size-max", CONFIG_SIZE, FIELD(map_size_max), 16 * MIB, 64 * TIB, "1024GiB",
     "数据库最大的地址空间", "and the most it may grow to"},
    {"journal-segment-size", CONFIG_SIZE, FIELD(journal_segment_size), 8 * KIB, 1024 * MIB, "8MiB",
     "每个预写日志文件的大小", "the size of a file of the journal"},
    {"recent-memory-max", CONFIG_SIZE, FIELD(recent_memory_max), 64 * KIB, 16384 * MIB, "48MiB",
     "等待写进数据库的改动占用这么多内存就写；忙时最多两倍",
     "memory of changes that calls for a checkpoint; twice that while many write"},
    {"checkpoint-interval", CONFIG_DURATION_MS, FIELD(checkpoint_interval_ms), 1, HOUR_MS, "5s",
     "改动最多等多久写进数据库；在此之前已在预写日志中落盘",
     "the longest a change waits for its checkpoint; the journal has it durably before"},
    {"free-space-min", CONFIG_SIZE, FIELD(free_space_min), 0, 16 * TIB, "16MiB",
     "磁盘须留的空间；不足时只能查询", "space to leave free on the disk; with less, only reading"},
};
/* clang-format on */

#define OPTION_COUNT (sizeof(table) / sizeof(table[0]))

_Static_assert(OPTION_COUNT <= CONFIG_OPTIONS_MAX, "the table fits");

static bool options_refuse(FILE *complaints, const char *name, const char *value,
                           const char *allowed)
{
    fprintf(complaints,
            "lovebankd: 设置 %s 的值“%s”不对，应为 %s\n"
            "lovebankd: the setting %s is \"%s\", expected %s\n",
            name, value, allowed, name, value, allowed);
    return false;
}

/* A whole number of decimal digits, perhaps with a sign. */
static bool parse_number(const char *text, long min, long max, long *number)
{
    char *end = NULL;
    if (strspn(text, "+-0123456789") != strlen(text) || *text == '\0') {
        return false;
    }
    *number = strtol(text, &end, 10);
    return *end == '\0' && *number >= min && *number <= max;
}

/* As net takes them: "localhost", 127.x.y.z or ::1. */
static bool is_loopback(const char *host)
{
    union socket_address address;
    socklen_t size = 0;
    return socket_address_parse(host, 0, &address, &size) && socket_address_is_loopback(&address);
}

/* "127.0.0.1:7700" or "[::1]:7700"; an empty text is an empty host. */
static bool parse_place(const char *text, char host[CONFIG_TEXT_BYTES], uint16_t *port_number)
{
    const char *colon = strrchr(text, ':');
    long port = 0;
    host[0] = '\0';
    if (*text == '\0') {
        return true;
    }
    if (colon == NULL || colon == text || !parse_number(colon + 1, 0, UINT16_MAX, &port)) {
        return false;
    }
    const bool has_brackets = text[0] == '[' && colon[-1] == ']';
    const size_t skipped = has_brackets ? 1 : 0;
    const size_t size = (size_t)(colon - text) - 2 * skipped;
    memcpy(host, text + skipped, size);
    host[size] = '\0';
    *port_number = (uint16_t)port;
    return true;
}

static bool is_host_name(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    return *name != '\0' && strspn(name, letters) == strlen(name);
}

static bool is_address(const char *text)
{
    struct in6_addr address;
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

/* Each part between commas; an empty text has none. */
static bool are_all(const char *list, bool (*is_good)(const char *part))
{
    char copy[CONFIG_TEXT_BYTES];
    char *rest = copy;
    char *part = NULL;
    snprintf(copy, sizeof(copy), "%s", list);
    while (*list != '\0' && (part = strsep(&rest, ",")) != NULL) {
        if (!is_good(part)) {
            return false;
        }
    }
    return true;
}

/* Without the setting: the credential if systemd hands one over, else the usual file. */
static void find_key_file(struct options *options, char *const *envp)
{
    char path[CONFIG_TEXT_BYTES];
    if (options->key_file[0] != '\0') {
        return;
    }
    for (; envp != NULL && *envp != NULL && !options->key_is_credential; envp++) {
        if (strncmp(*envp, CREDENTIALS, sizeof(CREDENTIALS) - 1) != 0) {
            continue;
        }
        const char *directory = *envp + sizeof(CREDENTIALS) - 1;
        const int size = snprintf(path, sizeof(path), "%s/" KEY_CREDENTIAL, directory);
        options->key_is_credential =
            size > 0 && (size_t)size < sizeof(path) && access(path, F_OK) == 0;
    }
    snprintf(options->key_file, sizeof(options->key_file), "%s",
             options->key_is_credential ? path : KEY_FILE);
}

struct listener {
    const char *name;
    const char *value;
    char *host;
    uint16_t *port;
    const char *example;
    const char *instead; /* what is encrypted; NULL: this is, so any address will do */
};

static bool options_refuse_loopback(FILE *complaints, const struct listener *listener)
{
    const char *name = listener->name;
    const char *value = listener->value;
    const char *example = listener->example;
    const char *instead = listener->instead;
    fprintf(complaints,
            "lovebankd: 设置 %s 的值“%s”不对：它不加密，只可用 localhost、127.0.0.1 或 "
            "::1；请写成 %s，或改用 %s\n"
            "lovebankd: the setting %s is \"%s\", expected HOST:PORT, like %s; it is not "
            "encrypted, so only localhost, 127.0.0.1 or ::1 will do; correct it or use %s\n",
            name, value, example, instead, name, value, example, instead);
    return false;
}

static bool options_check_listener(const struct listener *listener, FILE *complaints)
{
    const bool is_place = parse_place(listener->value, listener->host, listener->port);
    if (listener->instead == NULL) {
        return is_place ||
               options_refuse(complaints, listener->name, listener->value, listener->example);
    }
    return (is_place && (listener->host[0] == '\0' || is_loopback(listener->host))) ||
           options_refuse_loopback(complaints, listener);
}

/* Where desks and programs with frames come in, browsers and standard clients. */
static bool options_check_listeners(struct options *options, FILE *complaints)
{
    const struct listener listeners[] = {
        {"insecure-loopback", options->insecure_loopback, options->tcp_host, &options->tcp_port,
         "127.0.0.1:7700", "tls-listen"},
        {"tls-listen", options->tls_listen, options->tls_host, &options->tls_port, "ADDRESS:PORT",
         NULL},
        {"http-listen", options->http_listen, options->http_host, &options->http_port,
         "127.0.0.1:7702", "https-listen"},
        {"https-listen", options->https_listen, options->https_host, &options->https_port,
         "ADDRESS:PORT", NULL},
    };
    for (size_t i = 0; i < sizeof(listeners) / sizeof(listeners[0]); i++) {
        if (!options_check_listener(&listeners[i], complaints)) {
            return false;
        }
    }
    if (options->socket[0] == '\0' && options->tcp_host[0] == '\0' &&
        options->tls_host[0] == '\0') {
        return options_refuse(complaints, "socket", "", "PATH");
    }
    return true;
}

static bool options_check_http(const struct options *options, FILE *complaints)
{
    if (options->https_host[0] != '\0' && options->tls_certificate[0] == '\0') {
        fputs("lovebankd: 设置 https-listen 需要证书；请设好 tls-certificate 和 tls-key（见 "
              "lovebankd tls-init）\n"
              "lovebankd: the setting https-listen needs a certificate; set tls-certificate and "
              "tls-key (see lovebankd tls-init)\n",
              complaints);
        return false;
    }
    if (!are_all(options->http_hosts, is_host_name)) {
        return options_refuse(complaints, "http-hosts", options->http_hosts, "NAME,NAME");
    }
    if (!are_all(options->http_proxies, is_address)) {
        return options_refuse(complaints, "http-proxies", options->http_proxies, "IP,IP");
    }
    return true;
}

static bool is_url_of_database(const char *text)
{
    return strncmp(text, "postgres://", strlen("postgres://")) == 0 ||
           strncmp(text, "postgresql://", strlen("postgresql://")) == 0;
}

/* One that is refused is not shown: who can tell where in it a password stands? */
static bool options_refuse_store(FILE *complaints)
{
    fputs("lovebankd: 设置 store 看不懂，应为 postgres://USER@HOST/DATABASE；里面可能有密码，"
          "这里不显示\n"
          "lovebankd: the setting store is not understood, expected postgres://USER@HOST/DATABASE; "
          "it is not shown here, as it may hold a password\n",
          complaints);
    return false;
}

/* What is effective can be printed, so a password is no part of it. */
static bool options_check_store(const struct options *options, FILE *complaints)
{
    const char *url = options->store;
    if (*url == '\0') {
        return true;
    }
    switch (postgres_check_url(url)) {
    case POSTGRES_URL_GOOD:
        return is_url_of_database(url) || options_refuse_store(complaints);
    case POSTGRES_URL_UNREADABLE:
        return options_refuse_store(complaints);
    case POSTGRES_URL_SECRET:
        break;
    }
    fputs("lovebankd: 设置 store 里不可写密码：设置会显示出来。请把密码放进 PGPASSFILE 所指的文件\n"
          "lovebankd: the setting store must not hold a password, as settings are shown; put it "
          "into the file that PGPASSFILE names\n",
          complaints);
    return false;
}

bool options_set_store(struct options *options, const char *url, FILE *complaints)
{
    if (strlen(url) >= sizeof(options->store)) {
        return options_refuse_store(complaints);
    }
    memcpy(options->store, url, strlen(url) + 1);
    return options_check_store(options, complaints);
}

/* Without a log-in, only this machine may come in: not through TLS, nor through a proxy, which
 * hides where somebody is. */
static bool options_check_trial(const struct options *options, FILE *complaints)
{
    const char *wrong = NULL;
    if (!options->insecure_no_login) {
        return true;
    }
    if (options->tls_host[0] != '\0' && !is_loopback(options->tls_host)) {
        wrong = "tls-listen";
    } else if (options->https_host[0] != '\0' && !is_loopback(options->https_host)) {
        wrong = "https-listen";
    } else if (options->http_proxies[0] != '\0') {
        fputs("lovebankd: 设置 insecure-no-login 不认人，不可有 http-proxies；请去掉其中一项\n"
              "lovebankd: with the setting insecure-no-login anybody may do everything, so there "
              "must be no http-proxies; leave one of them out\n",
              complaints);
        return false;
    }
    if (wrong != NULL) {
        fprintf(complaints,
                "lovebankd: 设置 insecure-no-login 不认人，%s 只可用 127.0.0.1 或 "
                "::1；请去掉其中一项\n"
                "lovebankd: with the setting insecure-no-login anybody may do everything, so %s "
                "must be 127.0.0.1 or ::1; leave one of them out\n",
                wrong, wrong);
    }
    return wrong == NULL;
}

bool options_load(int argc, char *const *argv, char *const *envp, struct options *options,
                  FILE *complaints)
{
    const struct config_sources sources = {
        .argc = argc,
        .argv = argv,
        .envp = envp,
        .env_prefix = "LOVEBANKD_",
    };
    struct config_error error;
    *options = (struct options){.create = false};
    if (!config_load(table, OPTION_COUNT, options, &sources, &error)) {
        fprintf(complaints, "lovebankd: %s\nlovebankd: %s\n", error.zh, error.en);
        return false;
    }
    find_key_file(options, envp);
    long zone = 0;
    if (!parse_number(options->zone_east, -ZONE_EAST_S_MAX, ZONE_EAST_S_MAX, &zone)) {
        return options_refuse(complaints, "zone-east", options->zone_east, "-50400 … 50400");
    }
    options->zone_east_s = (int32_t)zone;
    if (!log_level_parse(options->log_level, &options->log_level_min)) {
        return options_refuse(complaints, "log-level", options->log_level,
                              "debug, info, warn, error");
    }
    return options_check_listeners(options, complaints) &&
           options_check_http(options, complaints) && options_check_trial(options, complaints) &&
           options_check_store(options, complaints);
}

void options_print_help(FILE *out, bool chinese)
{
    config_print_help(out, table, OPTION_COUNT, chinese);
}

void options_print_effective(FILE *out, const struct options *options)
{
    config_print_effective(out, table, OPTION_COUNT, options);
}
