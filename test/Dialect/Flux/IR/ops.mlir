// RUN: flux-opt %s | flux-opt | FileCheck %s
// RUN: flux-opt %s --mlir-print-op-generic | flux-opt | FileCheck %s

// Every operation and type with every optional part, through text and back, in the short and in the generic form.

// CHECK: module @program attributes {flux.models = ["thread", "sped"]}
module @program attributes {flux.models = ["thread", "sped"]} {

// CHECK: flux.include "image_tag.h"
flux.include "image_tag.h"

// CHECK: flux.lock @cache program{{$}}
flux.lock @cache program
// CHECK: flux.lock @peer session rank 3
flux.lock @peer session rank 3
// CHECK: flux.lock @log program {note = "kept"}
flux.lock @log program {note = "kept"}

// CHECK: flux.predicate @hit calls "TestInCache"
flux.predicate @hit calls "TestInCache"

// What was found out about functions.
// CHECK: flux.predicate @set calls "IsSet" {blocks = #flux.blocks<never, "none of its calls does">}
flux.predicate @set calls "IsSet" {blocks = #flux.blocks<never, "none of its calls does">}
// CHECK: flux.node @Save () -> () {blocks = #flux.blocks<may, "it calls 'fsync' (store.c:12)">}
flux.node @Save () -> () {blocks = #flux.blocks<may, "it calls 'fsync' (store.c:12)">}
// CHECK: flux.handler [@Save] -> "Recover" {blocks = #flux.blocks<never, "">}
flux.handler [@Save] -> "Recover" {blocks = #flux.blocks<never, "">}

// A node without inputs, with both sides, and without outputs; whether it blocks, and that the model runs it, is
// printed when it is so.
// CHECK: flux.node @Listen () -> (socket: !flux.c<"int">)
// CHECK-NOT: blocking
flux.node @Listen () -> (socket: !flux.c<"int">)
// CHECK: flux.node @Read (socket: !flux.c<"int">) -> (socket: !flux.c<"int">, ok: !flux.c<"bool">) blocking
flux.node @Read (socket: !flux.c<"int">) -> (socket: !flux.c<"int">, ok: !flux.c<"bool">) blocking
// CHECK: flux.node @Reply (socket: !flux.c<"int">, ok: !flux.c<"bool">) -> () nonblocking
flux.node @Reply (socket: !flux.c<"int">, ok: !flux.c<"bool">) -> () nonblocking
// CHECK: flux.node @Write () -> () blocking {by_model}
flux.node @Write () -> () blocking {by_model}
// CHECK: flux.node @Tick () -> ()
flux.node @Tick () -> ()

// Types: arithmetic ones and pointers imply their layout, whatever a typedef calls them; others state it.
// CHECK: flux.node @Types (
// CHECK-SAME: a: !flux.c<"unsigned long long">, b: !flux.c<"float">, c: !flux.c<"const char *">,
// CHECK-SAME: d: !flux.c<"uint32_t" = "unsigned int">, e: !flux.c<"struct sockaddr_in", 16, 4>,
// CHECK-SAME: f: !flux.c<"image_tag" = "image_tag_s", 24, 8>) -> ()
flux.node @Types (a: !flux.c<"unsigned long long">, b: !flux.c<"float">, c: !flux.c<"const char *">,
                  d: !flux.c<"uint32_t" = "unsigned int">, e: !flux.c<"struct sockaddr_in", 16, 4>,
                  f: !flux.c<"image_tag" = "image_tag_s", 24, 8>) -> ()

// A field may have any name that C allows, keywords of MLIR included.
// CHECK: flux.node @Names (attributes: !flux.c<"int">, loc: !flux.c<"int">) -> ()
flux.node @Names (attributes: !flux.c<"int">, loc: !flux.c<"int">) -> ()

// CHECK: flux.source @Listen -> @Page session "PeerOf"
flux.source @Listen -> @Page session "PeerOf"
// CHECK: flux.source @Tick -> @Tick{{$}}
flux.source @Tick -> @Tick

// CHECK-LABEL: flux.flow @Page (socket: !flux.c<"int">) -> () {
flux.flow @Page (socket: !flux.c<"int">) -> () {
// CHECK: ^bb0(%[[SOCKET:.*]]: !flux.c<"int">):
^bb0(%socket: !flux.c<"int">):
  // CHECK: %[[READ:.*]]:2 = flux.constrained [@cache read, @peer write] -> !flux.c<"int">, !flux.c<"bool"> {
  %read:2 = flux.constrained [@cache read, @peer write] -> !flux.c<"int">, !flux.c<"bool"> {
    // CHECK: %[[INNER:.*]]:2 = flux.call @Read(%[[SOCKET]]) : (!flux.c<"int">) -> (!flux.c<"int">, !flux.c<"bool">)
    %0:2 = flux.call @Read(%socket) : (!flux.c<"int">) -> (!flux.c<"int">, !flux.c<"bool">)
    // CHECK: flux.yield %[[INNER]]#0, %[[INNER]]#1 : !flux.c<"int">, !flux.c<"bool">
    flux.yield %0#0, %0#1 : !flux.c<"int">, !flux.c<"bool">
  }
  // CHECK: %[[CHOSEN:.*]] = flux.dispatch(%[[READ]]#0, %[[READ]]#1 : !flux.c<"int">, !flux.c<"bool">) -> !flux.c<"int">
  %chosen = flux.dispatch(%read#0, %read#1 : !flux.c<"int">, !flux.c<"bool">) -> !flux.c<"int">
  // CHECK: case [_, @hit] {
  case [_, @hit] {
    flux.yield %read#0 : !flux.c<"int">
  }
  // CHECK: case [_, _] {
  case [_, _] {
    flux.yield %read#0 : !flux.c<"int">
  }
  // CHECK: flux.constrained [@log write] {
  flux.constrained [@log write] {
    // CHECK: flux.call @Reply(%[[CHOSEN]], %[[READ]]#1)
    flux.call @Reply(%chosen, %read#1) : (!flux.c<"int">, !flux.c<"bool">) -> ()
    // CHECK: flux.yield{{$}}
    flux.yield
  }
  // CHECK: flux.return{{$}}
  flux.return
}

// A flow without inputs needs no label; its results are what flux.return gives.
// CHECK-LABEL: flux.flow @Start () -> (socket: !flux.c<"int">) {
// CHECK-NOT: ^bb0
flux.flow @Start () -> (socket: !flux.c<"int">) {
  %0 = flux.call @Listen() : () -> !flux.c<"int">
  // CHECK: flux.return %{{.*}} : !flux.c<"int">
  flux.return %0 : !flux.c<"int">
}

// A dispatch on nothing is a choice of its only case.
// CHECK-LABEL: flux.flow @Empty () -> () {
flux.flow @Empty () -> () {
  // CHECK: flux.dispatch()
  // CHECK: case [] {
  flux.dispatch()
  case [] {
    flux.yield
  }
  flux.return
}

// CHECK: flux.handler [@Page, @Read] -> "FourOhFor" under [@log write]
flux.handler [@Page, @Read] -> "FourOhFor" under [@log write]
// CHECK: flux.handler [@Page] -> "Lost"{{ *$}}
flux.handler [@Page] -> "Lost"
}
