// Requests of HTTP/2: streams of one connection are flows that run at once; with what clients of all kinds do, and some that
// do what they must not.
include "flux/http2.h";
include "flux/tls.h";

Next () => (flux_http_request *request);
Answer (flux_http_request *request) => ();

source Next => Answer;

// REQUIRES: http2
// RUN: rm -rf %t && mkdir %t && %fluxc %s %S/http2.c --model=%model -o %t/server
// RUN: %run %python %S/Inputs/http2_requests.py %t/server %model
// RUN: %run %python %S/Inputs/http2_frames.py %t/server
// RUN: %run %python %S/Inputs/http2_floods.py %t/server
// RUN: %run %python %S/Inputs/http2_times.py %t/server %model
// RUN: %run %python %S/Inputs/http2_tools.py %t/server
