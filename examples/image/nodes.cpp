// nodes.cpp - the source, and the ends of a request's flow.
#include "files/cache.h"
#include "image.flux.h"
#include "job.h"
#include "request/answer.h"
#include "start.h"

#include <cstring>
#include <functional>

using namespace image;

int Next(Next_out *out) { return flux_http_next(server(), &out->request); }

/// Requests that are refused have sessions, too.
int64_t ResultOf(Image_in *in) {
  Order order;
  std::string problem;
  readOrder(in->request, order, problem);
  return static_cast<int64_t>(std::hash<std::string>()(order.key()));
}

int ReadRequest(ReadRequest_in *in, ReadRequest_out *out) {
  const char *method = flux_http_method(in->request);
  if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
    return flux_http_refuse_method(method);
  Job *job = new Job;
  job->end = [](flux_owned *owned, int) { delete static_cast<Job *>(owned); };
  flux_own(job);
  *out = {in->request, job};
  std::string problem;
  return readOrder(in->request, job->order, problem) ? 0 : 400;
}

int CheckCache(CheckCache_in *in, CheckCache_out *out) {
  *out = {in->request, in->job};
  in->job->result = cache().find(in->job->order.key());
  return 0;
}

bool TestInCache(Job *job) { return job->result && isFresh(*job->result); }

bool TestOriginal(Job *job) { return static_cast<bool>(job->result); }

int StoreInCache(StoreInCache_in *in, StoreInCache_out *out) {
  *out = {in->request, in->job};
  cache().store(in->job->result);
  return 0;
}

int Write(Write_in *in, Write_out *out) {
  *out = {in->request, in->job};
  sendResult(in->request, *in->job->result);
  return 0;
}

int Complete(Complete_in *in) {
  in->job->result = {};
  cache().shrink();
  return 0;
}

void Refuse(Image_in *in, int status) { sendError(in->request, status); }
