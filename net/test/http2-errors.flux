// Options of HTTP/2 and TLS that do not fit each other, which clients would have to suffer from.
include "flux/http2.h";
include "flux/tls.h";

Next () => (int number);
Count (int number) => ();

source Next => Count;

// REQUIRES: http2
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: openssl req -x509 -newkey rsa:2048 -nodes -keyout one.key -out one.pem -days 2 -subj /CN=one.test 2> openssl.log
// RUN: %fluxc %s %S/http2-errors.c --model=pool -o server && %run ./server 2>&1 | FileCheck %s
// CHECK: cannot listen: 'http2' is set, but flux_tls_load() has no "h2" among its protocols
// CHECK: cannot listen: 'http2' is set, but flux_tls_load() has no "h2" among its protocols
// CHECK: cannot listen: 'http2' is set, but flux_tls_load() has no "h2" among its protocols
// CHECK: cannot listen: flux_tls_load() has "h2" among its protocols, but 'http2' is not set
// CHECK-NOT: cannot
// CHECK: good
