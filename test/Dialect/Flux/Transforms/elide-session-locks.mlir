// RUN: flux-opt %s --split-input-file --flux-elide-locks=model=percore 2>/dev/null | FileCheck %s
// RUN: flux-opt %s --split-input-file --flux-elide-locks=model=percore --verify-diagnostics -o /dev/null

// With a loop for each core the flows of a session run on one of them. So a session lock goes if no flow parks with it, as on
// one loop; one of the program is for the flows of all loops. What holds here holds where there is one loop, too.
// CHECK: module @whole attributes {flux.models = ["sped", "amped", "percore"]}
module @whole {
// CHECK-NOT: flux.lock @peer
// expected-remark @below {{lock 'peer' is removed: no flow can park while it holds it}}
flux.lock @peer session rank 0
// CHECK: flux.lock @stats
// expected-remark @below {{lock 'stats' is kept: model 'percore' runs flows at the same time}}
flux.lock @stats program rank 1
flux.node @Listen () -> ()
flux.node @Choke () -> () nonblocking
flux.node @Count () -> () nonblocking
// CHECK: flux.flow @Main
// CHECK-NEXT: flux.call @Choke
// CHECK-NEXT: flux.constrained [@stats write]
flux.flow @Main () -> () {
  flux.constrained [@peer write] {
    flux.call @Choke() : () -> ()
    flux.yield
  }
  flux.constrained [@stats write] {
    flux.call @Count() : () -> ()
    flux.yield
  }
  flux.return
}
flux.source @Listen -> @Main session "PeerOf"
}

// -----

// A lock of the program may be found held at any time, whoever holds it: by a flow of another loop.
// CHECK: module @waits {
module @waits {
// expected-remark @below {{lock 'peer' is kept: a flow that holds it may wait for lock 'stats'}}
flux.lock @peer session rank 0
// expected-remark @below {{lock 'stats' is kept: model 'percore' runs flows at the same time}}
flux.lock @stats program rank 1
flux.node @Listen () -> ()
flux.node @Count () -> () nonblocking
// CHECK: flux.constrained [@peer write]
// CHECK-NEXT: flux.constrained [@stats write]
flux.flow @Main () -> () {
  flux.constrained [@peer write] {
    // expected-note @below {{it would wait here}}
    flux.constrained [@stats write] {
      flux.call @Count() : () -> ()
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.source @Listen -> @Main session "PeerOf"
}

// -----

// A node that blocks gives way to other flows of the session.
// CHECK: module @parks {
module @parks {
// expected-remark @below {{lock 'peer' is kept: node 'Send' may block while it is held}}
flux.lock @peer session rank 0
flux.node @Listen () -> ()
flux.node @Send () -> ()
// CHECK: flux.constrained [@peer write]
flux.flow @Main () -> () {
  flux.constrained [@peer write] {
    // expected-note @below {{it runs here}}
    flux.call @Send() : () -> ()
    flux.yield
  }
  flux.return
}
flux.source @Listen -> @Main session "PeerOf"
}
