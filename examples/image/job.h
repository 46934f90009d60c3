// job.h - what the flow of a request works on.
#ifndef IMAGE_JOB_H
#define IMAGE_JOB_H

#include "files/original.h"
#include "files/result.h"
#include "image.h"
#include "pictures/picture.h"
#include "request/order.h"

#include <flux/flux.h>

/// Belongs to its flow, with which it ends in whatever way. Nobody else sees it.
struct Job : flux_owned {
  image::Order order;
  image::Original original; ///< the file, until it is decoded
  image::Picture picture;   ///< what was decoded, and then what is to be encoded
  image::Reference result;
};

#endif // IMAGE_JOB_H
