/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Certificates of a private authority, made with OpenSSL. Any thread.
 */
#include "tls/certificate.h"

#include "context.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#define SERIAL_BITS    127 /* random, so that two never meet */
#define HOST_BYTES_MAX 253
#define NAME_BYTES_MAX 64

static bool host_is_address(const char *host)
{
    uint8_t address[16];
    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

bool tls_host_is_valid(const char *host)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    const char *name = strncmp(host, "*.", 2) == 0 ? host + 2 : host;
    const size_t size = strlen(name);

    if (host_is_address(host)) {
        return true;
    }
    return size > 0 && size <= HOST_BYTES_MAX && strspn(name, letters) == size && name[0] != '.' &&
           name[0] != '-' && name[size - 1] != '-' && strstr(name, "..") == NULL;
}

static bool certificate_set_serial(X509 *certificate)
{
    BIGNUM *number = BN_new();
    const bool is_set = number != NULL &&
                        BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                        BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;

    BN_free(number);
    return is_set;
}

static bool certificate_set_subject(X509 *certificate, const char *name)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    return strlen(name) <= NAME_BYTES_MAX &&
           X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8,
                                      (const unsigned char *)"LoveBank", -1, -1, 0) == 1 &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                      -1, 0) == 1;
}

static bool certificate_add(X509 *certificate, X509V3_CTX *about, int kind, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, about, kind, value);
    const bool is_added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;

    X509_EXTENSION_free(extension);
    return is_added;
}

static bool certificate_add_hosts(X509 *certificate, X509V3_CTX *about, const struct tls_wish *wish)
{
    char text[4096] = "";
    size_t used = 0;

    for (size_t i = 0; i < wish->host_count; i++) {
        const char *host = wish->hosts[i];
        const int size = snprintf(text + used, sizeof(text) - used, "%s%s:%s", i == 0 ? "" : ",",
                                  host_is_address(host) ? "IP" : "DNS", host);
        if (!tls_host_is_valid(host) || size < 0 || (size_t)size >= sizeof(text) - used) {
            return false;
        }
        used += (size_t)size;
    }
    return certificate_add(certificate, about, NID_subject_alt_name, text);
}

/* What the key may be used for. */
static bool certificate_add_use(X509 *certificate, X509V3_CTX *about, const struct tls_wish *wish)
{
    if (wish->use == TLS_USE_AUTHORITY) {
        return certificate_add(certificate, about, NID_basic_constraints,
                               "critical,CA:TRUE,pathlen:0") &&
               certificate_add(certificate, about, NID_key_usage, "critical,keyCertSign,cRLSign");
    }
    const bool is_server = wish->use == TLS_USE_SERVER;
    return certificate_add(certificate, about, NID_basic_constraints, "critical,CA:FALSE") &&
           certificate_add(certificate, about, NID_key_usage, "critical,digitalSignature") &&
           certificate_add(certificate, about, NID_ext_key_usage,
                           is_server ? "serverAuth" : "clientAuth") &&
           (!is_server || certificate_add_hosts(certificate, about, wish));
}

/* Everything but the signature. issuer may be the certificate itself. */
static bool certificate_fill(X509 *certificate, EVP_PKEY *key, const struct tls_wish *wish,
                             X509 *issuer)
{
    X509V3_CTX about;

    if (X509_set_version(certificate, X509_VERSION_3) != 1 ||
        !certificate_set_serial(certificate) ||
        ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)wish->from_s) == NULL ||
        ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)wish->until_s) == NULL ||
        !certificate_set_subject(certificate, wish->name) ||
        X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) != 1 ||
        X509_set_pubkey(certificate, key) != 1) {
        return false;
    }
    X509V3_set_ctx(&about, issuer, certificate, NULL, NULL, 0);
    return certificate_add(certificate, &about, NID_subject_key_identifier, "hash") &&
           certificate_add(certificate, &about, NID_authority_key_identifier, "keyid:always") &&
           certificate_add_use(certificate, &about, wish);
}

/* Takes apart what was made or read here before. */
static bool pem_read(const struct tls_pem *pem, X509 **certificate, EVP_PKEY **key)
{
    BIO *text = BIO_new_mem_buf(pem->certificate, -1);
    *certificate = text == NULL ? NULL : PEM_read_bio_X509(text, NULL, NULL, NULL);
    BIO_free(text);
    text = BIO_new_mem_buf(pem->key, -1);
    *key = text == NULL ? NULL : PEM_read_bio_PrivateKey(text, NULL, NULL, NULL);
    BIO_free(text);
    return *certificate != NULL && *key != NULL && X509_check_private_key(*certificate, *key) == 1;
}

/* The text that was written into a BIO in memory. */
static bool pem_copy(BIO *text, char *out, size_t room)
{
    char *data = NULL;
    const long size = BIO_get_mem_data(text, &data);

    if (size < 0 || (size_t)size >= room) {
        return false;
    }
    memcpy(out, data, (size_t)size);
    out[size] = '\0';
    return true;
}

static bool pem_write(X509 *certificate, EVP_PKEY *key, struct tls_pem *out)
{
    BIO *first = BIO_new(BIO_s_mem());
    BIO *second = BIO_new(BIO_s_secmem());
    const bool is_written = first != NULL && second != NULL &&
                            PEM_write_bio_X509(first, certificate) == 1 &&
                            PEM_write_bio_PrivateKey(second, key, NULL, NULL, 0, NULL, NULL) == 1 &&
                            pem_copy(first, out->certificate, sizeof(out->certificate)) &&
                            pem_copy(second, out->key, sizeof(out->key));

    BIO_free(first);
    BIO_free(second);
    return is_written;
}

bool tls_certificate_make(const struct tls_wish *wish, const struct tls_pem *issuer,
                          struct tls_pem *out, char error[static TLS_ERROR_BYTES])
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    EVP_PKEY *issuer_key = NULL;
    X509 *issuer_certificate = NULL;

    ERR_clear_error();
    const bool is_made =
        key != NULL && certificate != NULL &&
        (issuer == NULL || pem_read(issuer, &issuer_certificate, &issuer_key)) &&
        certificate_fill(certificate, key, wish,
                         issuer == NULL ? certificate : issuer_certificate) &&
        X509_sign(certificate, issuer == NULL ? key : issuer_key, EVP_sha256()) > 0 &&
        pem_write(certificate, key, out);
    if (!is_made) {
        tls_take_error(error, TLS_ERROR_BYTES);
    }
    X509_free(issuer_certificate);
    EVP_PKEY_free(issuer_key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return is_made;
}

void tls_pem_wipe(struct tls_pem *pem)
{
    OPENSSL_cleanse(pem, sizeof(*pem));
}
