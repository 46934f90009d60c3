/* image.h - the types that travel between the nodes of image.flux. */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

/* What there is to do for a request, and how far it is done; see job.h. */
typedef struct Job Job;

#endif /* IMAGE_IMAGE_H */
