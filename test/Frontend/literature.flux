// RUN: flux-translate --import-flux %s | FileCheck %s

// Programs of the Flux literature of 2006 import unchanged: the web server of the talk, with its spelling of pointers and
// line breaks inside of types, and the image server of the paper, with `atomic` and an arrow of either kind.

// CHECK: flux.flow @Page
// CHECK:   %[[REQUEST:.*]]:3 = flux.call @ReadRequest(
// CHECK:   %[[FILE:.*]]:5 = flux.call @ReadWrite(%[[REQUEST]]#0, %[[REQUEST]]#1, %[[REQUEST]]#2)
// CHECK:   flux.call @Reply(%[[FILE]]#0, %[[FILE]]#1, %[[FILE]]#2, %[[FILE]]#3, %[[FILE]]#4)
// CHECK: flux.handler [@ReadWrite] -> "FourOhFor"
// CHECK: flux.handler [@ReadRequest] -> "BadRequest"
Page (int socket) => ();
ReadRequest (int socket)
     => (int socket, bool close, char* request);
Reply (int socket, bool close, int length, char*
content, char* output) => ();
ReadWrite (int socket, bool close, char* file)
     => (int socket, bool close, int length, char*
content, char* output);
Listen () => (int socket);
source Listen => Page;
Page = ReadRequest -> ReadWrite -> Reply;
handle error ReadWrite => FourOhFor;
handle error ReadRequest => BadRequest;

// CHECK: flux.node @CheckCache{{.*}}request: !flux.c<"image_tag *">
// CHECK: flux.predicate @hit calls "TestInCache"
// CHECK: flux.flow @Handler
// CHECK:   flux.dispatch
// CHECK:   case [_, _, @hit] {
// CHECK-NEXT: flux.yield %arg0, %arg1, %arg2
// CHECK:   case [_, _, _] {
// CHECK:     flux.call @ReadInFromDisk
// CHECK:     flux.call @Compress
// CHECK:     flux.constrained [@cache write]
// CHECK:       flux.call @StoreInCache
// CHECK: flux.handler [@ReadInFromDisk] -> "FourOhFour"
ImageListen () => (int socket);
ReadImageRequest (int socket)
  => (int socket, bool close, image_tag *request);
CheckCache (int socket, bool close, image_tag *request)
  => (int socket, bool close, image_tag *request);
ReadInFromDisk (int socket, bool close, image_tag *request)
  => (int socket, bool close, image_tag *request, __u8 *rgb_data);
Compress (int socket, bool close, image_tag *request, __u8 *rgb_data)
  -> (int socket, bool close, image_tag *request);
StoreInCache (int socket, bool close, image_tag *request)
  -> (int socket, bool close, image_tag *request);
Write (int socket, bool close, image_tag *request)
  => (int socket, bool close, image_tag *request);
Complete (int socket, bool close, image_tag *request) => ();

source ImageListen => Image;
Image =
  ReadImageRequest -> CheckCache -> Handler
  -> Write -> Complete;

typedef hit TestInCache;

Handler:[_, _, hit] = ;
Handler:[_, _, _] =
   ReadInFromDisk -> Compress
   -> StoreInCache;

handle error ReadInFromDisk -> FourOhFour;

atomic CheckCache:{cache};
atomic StoreInCache:{cache};
constraint Complete:{cache};
