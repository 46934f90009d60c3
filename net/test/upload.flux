// Bodies: read as they come, whatever their framing, and answered while they do; left alone, they do not disturb the next
// request.
include "flux/http.h";

Next () => (flux_http_request *request);
Answer (flux_http_request *request) => ();

source Next => Answer;

// RUN: %fluxc %s %S/upload.c --model=%model -o %t && %run %python %S/Inputs/upload.py %t
