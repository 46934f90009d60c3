// Scales pictures on demand and keeps the latest ones. The cache is an ordinary map and list without a lock in it: the constraints
// below are all that keeps flows apart in it.
include "picture.h";

Request () => (int image, int width);
Lookup (int image, int width) => (int image, int width, picture *cached);
Scale (int image, int width, picture *none) => (int image, int width, picture *scaled);
Insert (int image, int width, picture *scaled) => (int image, int width, picture *cached);
Deliver (int image, int width, picture *cached) => (int image, int width, picture *delivered);
Release (int image, int width, picture *delivered) => (int image, int width);
Evict (int image, int width) => (int image, int width);
Journal (int image, int width) => ();
typedef hit IsThere;

source Request => Serve;
Serve = Lookup -> Provide -> Deliver -> Return -> Journal;
Provide:[_, _, hit] = ;
Provide:[_, _, _] = Scale -> Insert;
Return = Release -> Evict;

constraint Lookup:{cache};
constraint Insert:{cache};
constraint Return:{cache};
constraint Journal:{journal};
nonblocking Lookup, Insert, Evict, Release;
