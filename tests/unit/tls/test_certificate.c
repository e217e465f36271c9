/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Certificates of a private authority: what is in them, names that are refused.
 */
#include "pair.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

static X509 *parse(const struct tls_pem *pem)
{
    BIO *text = BIO_new_mem_buf(pem->certificate, -1);
    X509 *certificate = PEM_read_bio_X509(text, NULL, NULL, NULL);
    assert_non_null(certificate);
    BIO_free(text);
    return certificate;
}

/* accepts */

static void an_authority_signs_certificates_and_serves_nothing(void **state)
{
    struct tls_pem pem;
    (void)state;
    pair_issue(NULL, TLS_USE_AUTHORITY, "authority", 100, &pem);
    X509 *certificate = parse(&pem);
    assert_int_equal(X509_check_ca(certificate), 1);
    assert_int_equal(X509_get_extension_flags(certificate) & EXFLAG_SS, EXFLAG_SS);
    assert_int_equal(X509_get_key_usage(certificate), KU_KEY_CERT_SIGN | KU_CRL_SIGN);
    X509_free(certificate);
}

static void a_server_has_its_names_and_addresses_and_no_others(void **state)
{
    struct tls_pem authority;
    struct tls_pem pem;
    char error[TLS_ERROR_BYTES] = "";
    const struct tls_wish wish = {
        .use = TLS_USE_SERVER,
        .name = "bank.example",
        .hosts = {"bank.example", "*.desk.example", "192.0.2.1", "2001:db8::1"},
        .host_count = 4,
        .from_s = 0,
        .until_s = PAIR_DAY_S,
    };
    (void)state;
    pair_issue(NULL, TLS_USE_AUTHORITY, "authority", 100, &authority);
    assert_true(tls_certificate_make(&wish, &authority, &pem, error));
    X509 *certificate = parse(&pem);
    assert_int_equal(X509_check_host(certificate, "bank.example", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(certificate, "one.desk.example", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(certificate, "192.0.2.1", 0), 1);
    assert_int_equal(X509_check_ip_asc(certificate, "2001:db8::1", 0), 1);
    assert_int_equal(X509_check_host(certificate, "other.example", 0, 0, NULL), 0);
    assert_int_equal(X509_check_ca(certificate), 0);
    assert_int_equal(X509_get_extended_key_usage(certificate), XKU_SSL_SERVER);
    X509 *issuer = parse(&authority);
    EVP_PKEY *key = X509_get_pubkey(issuer);
    assert_int_equal(X509_verify(certificate, key), 1);
    EVP_PKEY_free(key);
    X509_free(issuer);
    X509_free(certificate);
}

static void a_device_is_a_client_only_and_no_two_serials_are_the_same(void **state)
{
    struct tls_pem authority;
    struct tls_pem pems[2];
    X509 *certificates[2];
    (void)state;
    pair_issue(NULL, TLS_USE_AUTHORITY, "authority", 100, &authority);
    for (int i = 0; i < 2; i++) {
        pair_issue(&authority, TLS_USE_DEVICE, "desk1", 10, &pems[i]);
        certificates[i] = parse(&pems[i]);
        assert_int_equal(X509_get_extended_key_usage(certificates[i]), XKU_SSL_CLIENT);
    }
    assert_int_not_equal(ASN1_INTEGER_cmp(X509_get0_serialNumber(certificates[0]),
                                          X509_get0_serialNumber(certificates[1])),
                         0);
    assert_string_not_equal(pems[0].key, pems[1].key);
    X509_free(certificates[0]);
    X509_free(certificates[1]);
}

/* rejects */

static void a_host_is_a_name_or_an_address(void **state)
{
    static const char *const good[] = {"localhost", "a.example", "*.example",
                                       "10.0.0.1",  "::1",       "xn--fiq228c.example"};
    static const char *const bad[] = {"",     "a b", "a,b", "DNS:x", ".a", "a..b", "-a",
                                      "a\nb", "a:1", "名",  "[::1]", "*",  "a-"};
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(tls_host_is_valid(good[i]));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(tls_host_is_valid(bad[i]));
    }
}

static void a_host_that_is_none_or_a_long_name_makes_no_certificate(void **state)
{
    struct tls_pem pem;
    char error[TLS_ERROR_BYTES] = "";
    char name[128];
    struct tls_wish wish = {.use = TLS_USE_SERVER,
                            .name = "x",
                            .hosts = {"x,DNS:evil.example"},
                            .host_count = 1,
                            .until_s = PAIR_DAY_S};
    (void)state;
    assert_false(tls_certificate_make(&wish, NULL, &pem, error));
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    wish.hosts[0] = "x";
    wish.name = name;
    assert_false(tls_certificate_make(&wish, NULL, &pem, error));
}

static void an_authority_whose_key_is_another_issues_nothing(void **state)
{
    struct tls_pem authority;
    struct tls_pem other;
    struct tls_pem pem;
    char error[TLS_ERROR_BYTES] = "";
    const struct tls_wish wish = {.use = TLS_USE_DEVICE, .name = "x", .until_s = PAIR_DAY_S};
    (void)state;
    pair_issue(NULL, TLS_USE_AUTHORITY, "authority", 100, &authority);
    pair_issue(NULL, TLS_USE_AUTHORITY, "authority", 100, &other);
    memcpy(authority.key, other.key, sizeof(authority.key));
    assert_false(tls_certificate_make(&wish, &authority, &pem, error));
    assert_string_not_equal(error, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_authority_signs_certificates_and_serves_nothing),
        cmocka_unit_test(a_server_has_its_names_and_addresses_and_no_others),
        cmocka_unit_test(a_device_is_a_client_only_and_no_two_serials_are_the_same),
        cmocka_unit_test(a_host_is_a_name_or_an_address),
        cmocka_unit_test(a_host_that_is_none_or_a_long_name_makes_no_certificate),
        cmocka_unit_test(an_authority_whose_key_is_another_issues_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
