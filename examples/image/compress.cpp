// compress.cpp - the nodes that make a result: they read, decode, scale and encode.
#include "image.flux.h"
#include "job.h"
#include "pictures/decode.h"
#include "pictures/encode.h"
#include "pictures/orientation.h"
#include "pictures/scale.h"

using namespace image;

/// What was kept of the original stays the result only if it still is that.
int ReadInFromDisk(ReadInFromDisk_in *in, ReadInFromDisk_out *out) {
  Job &job = *in->job;
  *out = {in->request, in->job};
  const int64_t now = monotonicMs();
  const int status = readOriginal(job.order.path, job.result ? &job.result->stamp : nullptr, job.original);
  if (job.original.bytes || status != 0)
    job.result = {};
  else
    job.result->checked.store(now, std::memory_order_relaxed);
  return status;
}

int Decode(Decode_in *in, Decode_out *out) {
  Job &job = *in->job;
  *out = {in->request, in->job};
  const int status = decode(job.original.bytes.get(), job.original.size(), job.order, job.picture);
  job.original.bytes.reset();
  return status;
}

int Scale(Scale_in *in, Scale_out *out) {
  Picture &picture = in->job->picture;
  *out = {in->request, in->job};
  scale(fitInto(in->job->order, picture.fullWidth, picture.fullHeight, picture.orientation), picture);
  makeUpright(picture);
  return 0;
}

int Encode(Encode_in *in, Encode_out *out) {
  Job &job = *in->job;
  *out = {in->request, in->job};
  auto *result = new Result;
  job.result = Reference(result);
  result->key = job.order.key();
  result->stamp = job.original.stamp;
  result->checked.store(monotonicMs(), std::memory_order_relaxed);
  const int status = encode(job.picture, job.order.quality, job.order.takesWebp, result->encoded);
  job.picture = {};
  describe(*result);
  return status;
}
