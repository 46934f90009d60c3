// A web server for the files below a directory: conditions, ranges, index pages, redirects of directories.
include "flux/http.h";

Next () => (flux_http_request *request);
Check (flux_http_request *request) => (flux_http_request *request);
Send (flux_http_request *request) => ();
Serve (flux_http_request *request) => ();

source Next => Serve;
Serve = Check -> Send;
handle error Serve => Fail;

// REQUIRES: kernel-calls
// RUN: %fluxc %s %S/files.c --model=%model -o %t && %run %python %S/Inputs/files.py %t
