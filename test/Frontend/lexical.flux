// RUN: flux-translate --import-flux %s | FileCheck %s

// Comments and strings hold any UTF-8: größer, 漢字, 🙂.
/* A comment goes on for several lines, /* does not nest, and may hold "quotes" and // slashes.
 */
// CHECK: flux.node @A (a: !flux.c<"int">) -> (b: !flux.c<"int">)
A/**/(int/* an int */a)=>(int b);// and no newline is needed

// Keywords are keywords only in their places.
// CHECK: flux.node @source (error: !flux.c<"int">, session: !flux.c<"int">) -> (error: !flux.c<"int">, session: !flux.c<"int">)
source (int error, int session) => (int error, int session);
// CHECK: flux.node @handle (source: !flux.c<"int">, include: !flux.c<"int">) -> (atomic: !flux.c<"int">)
handle (int source, int include) => (int atomic);
// CHECK: flux.flow @blocking
// CHECK:   flux.call @source
// CHECK:   flux.call @handle
blocking = source -> handle;
// CHECK: flux.flow @constraint
// CHECK:   flux.call @blocking
constraint = blocking;
// CHECK: flux.flow @include
// CHECK:   flux.dispatch
include:[_, _] = constraint;
// CHECK: flux.node @error () -> (error: !flux.c<"int">)
error () => (int error);
// CHECK: flux.node @session (program: !flux.c<"int">) -> ()
session (int program) => ();
// CHECK: flux.source @error -> @session session "program"
source error {session: program} => session;
// CHECK: flux.handler [@session] -> "atomic"
handle error session => atomic;
