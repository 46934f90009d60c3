// Certificates that cannot be used are named, with what is wrong with them.
include "flux/tls.h";

Next () => (int number);
Count (int number) => ();

source Next => Count;

// REQUIRES: tls
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: openssl req -x509 -newkey rsa:2048 -nodes -keyout one.key -out one.pem -days 2 -subj /CN=one.test 2> openssl.log
// RUN: openssl genrsa -out two.key 2048 2> openssl.log
// RUN: openssl rsa -in one.key -aes128 -passout pass:secret -out locked.key 2> openssl.log
// RUN: %fluxc %s %S/tls-errors.c --model=pool -o server && %run ./server 2>&1 | FileCheck %s
// CHECK: cannot load the certificate 'none.pem': No such file or directory
// CHECK: cannot load the certificate 'one.key': no start line
// CHECK: cannot load the key 'none.key' of 'one.pem': No such file or directory
// CHECK: cannot load the key 'two.key' of 'one.pem': key values mismatch
// CHECK: cannot load the key 'locked.key' of 'one.pem': {{.+}}
// CHECK: cannot load certificates: none is named
// CHECK: cannot load certificates: the name of a protocol has 1 to 255 bytes
// CHECK: cannot load certificates: the name of a protocol has 1 to 255 bytes
// CHECK-NOT: cannot
// CHECK: good
