// RUN: flux-opt %s --split-input-file --flux-elide-locks=model=sped 2>/dev/null | FileCheck %s
// RUN: flux-opt %s --split-input-file --flux-elide-locks=model=sped --verify-diagnostics -o /dev/null
// RUN: flux-opt %s --split-input-file --flux-elide-locks=model=pool 2>/dev/null | FileCheck %s --check-prefix=POOL
// RUN: flux-opt %s --split-input-file --flux-elide-locks 2>/dev/null | FileCheck %s --check-prefix=ANY
// RUN: flux-opt %s --split-input-file --flux-elide-locks=force 2>/dev/null | FileCheck %s --check-prefix=FORCE
// FORCE-NOT: flux.constrained
// FORCE-NOT: flux.lock

// On one loop a lock goes if no flow parks with it. The results of its regions stay what they were.
// CHECK: module @whole attributes {flux.models = ["sped"
// POOL: module @whole {
// POOL: flux.constrained [@cache write]
// ANY: module @whole {
// ANY: flux.constrained [@cache write]
module @whole {
// CHECK-NOT: flux.lock
// expected-remark @below {{lock 'cache' is removed: no flow can park while it holds it}}
flux.lock @cache program rank 0
flux.node @Lookup (a: !flux.c<"int">) -> (a: !flux.c<"int">) nonblocking
flux.node @Insert (a: !flux.c<"int">) -> () nonblocking
// CHECK: flux.flow @Page
// CHECK-NOT: flux.constrained
// CHECK: %[[A:.*]] = flux.call @Lookup
// CHECK-NEXT: flux.call @Insert(%[[A]])
// CHECK-NEXT: flux.return
flux.flow @Page (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  %0 = flux.constrained [@cache read] -> !flux.c<"int"> {
    %1 = flux.call @Lookup(%a) : (!flux.c<"int">) -> !flux.c<"int">
    flux.yield %1 : !flux.c<"int">
  }
  flux.constrained [@cache write] {
    flux.call @Insert(%0) : (!flux.c<"int">) -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// Where the model runs a node the flow may park, whatever is known of the node itself.
// CHECK: module @by_model {
module @by_model {
// expected-remark @below {{lock 'cache' is kept: node 'Insert' may block while it is held: the model runs it}}
flux.lock @cache program rank 0
flux.node @Insert () -> () nonblocking {blocks = #flux.blocks<never, "it is declared nonblocking">, by_model}
// CHECK: flux.constrained [@cache write]
flux.flow @Page () -> () {
  flux.constrained [@cache write] {
    // expected-note @below {{it runs here}}
    flux.call @Insert() : () -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// A writer that parks keeps everybody out, also those who do not park themselves.
// CHECK: module @writer_parks {
module @writer_parks {
// expected-remark @below {{lock 'cache' is kept: node 'Store' may block while it is held: it calls 'fsync' (store.c:3)}}
flux.lock @cache program rank 0
flux.node @Lookup () -> () nonblocking
flux.node @Store () -> () {blocks = #flux.blocks<may, "it calls 'fsync' (store.c:3)">}
// CHECK: flux.constrained [@cache read]
// CHECK: flux.constrained [@cache write]
flux.flow @Page () -> () {
  flux.constrained [@cache read] {
    flux.call @Lookup() : () -> ()
    flux.yield
  }
  flux.constrained [@cache write] {
    // expected-note @below {{it runs here}}
    flux.call @Store() : () -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// A reader that parks keeps writers out, so that both need the lock. A reader that does not park meets neither.
// CHECK: module @reader_parks attributes {flux.models = ["sped"
module @reader_parks {
// expected-remark @below {{lock 'cache' is kept: node 'Send' may block while it is held}}
flux.lock @cache program rank 0
flux.node @Send () -> () blocking
flux.node @Lookup () -> () nonblocking
flux.node @Insert () -> () nonblocking
// CHECK: flux.constrained [@cache read]
// CHECK-NEXT: flux.call @Send
// CHECK: flux.constrained [@cache write]
// CHECK-NEXT: flux.call @Insert
// CHECK-NOT: flux.constrained
// CHECK: flux.call @Lookup
flux.flow @Page () -> () {
  flux.constrained [@cache read] {
    // expected-note @below {{it runs here}}
    flux.call @Send() : () -> ()
    flux.yield
  }
  flux.constrained [@cache write] {
    flux.call @Insert() : () -> ()
    flux.yield
  }
  // expected-remark @below {{lock 'cache' is not taken here: this reader does not park, and no writer does}}
  flux.constrained [@cache read] {
    flux.call @Lookup() : () -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// A reader that parks in one context keeps its lock in all, and waits in all of them behind a writer who waits for a reader:
// `Change` parks in `Look`, though it holds all that `Look` parks for. So `Check` must not come in between.
// CHECK: module @reader_waits_for_writer {
module @reader_waits_for_writer {
// expected-remark @below {{lock 'gate' is kept: a flow that holds it may wait for lock 'total'}}
flux.lock @gate program rank 0
// expected-remark @below {{lock 'list' is kept: node 'Send' may block while it is held}}
flux.lock @list program rank 1
// expected-remark @below {{lock 'total' is kept: node 'Send' may block while it is held}}
flux.lock @total program rank 2
flux.node @Send () -> () blocking
flux.node @Count () -> () nonblocking
flux.flow @ParkWithList () -> () {
  flux.constrained [@list read] {
    // expected-note @below {{it runs here}}
    flux.call @Send() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @ParkWithTotal () -> () {
  flux.constrained [@total read] {
    // expected-note @below {{it runs here}}
    flux.call @Send() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @WriteList () -> () {
  flux.constrained [@list write] {
    flux.call @Count() : () -> ()
    flux.yield
  }
  flux.return
}
// CHECK: flux.flow @Look
// CHECK-NEXT: flux.constrained [@list read]
flux.flow @Look () -> () {
  flux.constrained [@list read] {
    // expected-note @below {{it would wait here}}
    flux.constrained [@total write] {
      flux.call @Count() : () -> ()
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Alone () -> () {
  flux.constrained [@gate write] {
    flux.call @Look() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @Change () -> () {
  flux.constrained [@gate write] {
    flux.constrained [@total write] {
      flux.call @Look() : () -> ()
      flux.yield
    }
    flux.yield
  }
  flux.return
}
// CHECK: flux.flow @Check
// CHECK-NEXT: flux.constrained [@total read]
flux.flow @Check () -> () {
  flux.constrained [@total read] {
    flux.call @Count() : () -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// A reader that parks in one context waits also where a reader of the same lock is around it, for that one must not be taken
// for one that does without: a writer would come in between.
// CHECK: module @reader_around {
module @reader_around {
// expected-remark @below {{lock 'gate' is kept: a flow that holds it may wait for lock 'total'}}
flux.lock @gate program rank 0
// expected-remark @below {{lock 'list' is kept: a flow that holds it may wait for lock 'total'}}
flux.lock @list program rank 1
// expected-remark @below {{lock 'total' is kept: node 'Send' may block while it is held}}
flux.lock @total program rank 2
flux.node @Send () -> () blocking
flux.node @Count () -> () nonblocking
flux.flow @ParkWithTotal () -> () {
  flux.constrained [@total read] {
    // expected-note @below {{it runs here}}
    flux.call @Send() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @WriteList () -> () {
  flux.constrained [@list write] {
    flux.call @Count() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @Look () -> () {
  flux.constrained [@list read] {
    // expected-note @below {{it would wait here}}
    flux.constrained [@total write] {
      flux.call @Count() : () -> ()
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Alone () -> () {
  flux.constrained [@gate write] {
    flux.call @Look() : () -> ()
    flux.yield
  }
  flux.return
}
// CHECK: flux.flow @Around
// CHECK-NEXT: flux.constrained [@gate write]
// CHECK-NEXT: flux.constrained [@total write]
// CHECK-NEXT: flux.constrained [@list read]
flux.flow @Around () -> () {
  flux.constrained [@gate write] {
    flux.constrained [@total write] {
      flux.constrained [@list read] {
        flux.call @Look() : () -> ()
        flux.yield
      }
      flux.yield
    }
    flux.yield
  }
  flux.return
}
}

// -----

// Waiting for a lock with which another flow has parked is parking, too: `outer` is needed where nothing blocks but `inner`.
// A lock with which nobody parks is not waited for: `calm` does not make `around` needed.
// CHECK: module @lock_inside attributes {flux.models = ["sped"
module @lock_inside {
// expected-remark @below {{lock 'outer' is kept: a flow that holds it may wait for lock 'inner'}}
flux.lock @outer program rank 0
// expected-remark @below {{lock 'inner' is kept: node 'Send' may block while it is held}}
flux.lock @inner program rank 1
// expected-remark @below {{lock 'around' is removed: no flow can park while it holds it}}
flux.lock @around program rank 2
// expected-remark @below {{lock 'calm' is removed: no flow can park while it holds it}}
flux.lock @calm program rank 3
flux.node @Send () -> () blocking
flux.node @Count () -> () nonblocking
flux.flow @One () -> () {
  flux.constrained [@inner write] {
    // expected-note @below {{it runs here}}
    flux.call @Send() : () -> ()
    flux.yield
  }
  flux.constrained [@calm write] {
    flux.call @Count() : () -> ()
    flux.yield
  }
  flux.return
}
// CHECK: flux.flow @Two
// CHECK-NEXT: flux.constrained [@outer write]
// CHECK-NEXT: flux.call @Inside
// CHECK-NOT: flux.constrained
flux.flow @Two () -> () {
  flux.constrained [@outer write] {
    flux.call @Inside() : () -> ()
    flux.yield
  }
  flux.constrained [@around write] {
    flux.constrained [@calm write] {
      flux.call @Count() : () -> ()
      flux.yield
    }
    flux.yield
  }
  flux.return
}
// CHECK: flux.flow @Inside
// CHECK-NEXT: flux.constrained [@inner write]
flux.flow @Inside () -> () {
  // expected-note @below {{it would wait here}}
  flux.constrained [@inner write] {
    flux.call @Count() : () -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// A region that takes two locks holds the first while it waits for the second.
// CHECK: module @together {
module @together {
// expected-remark @below {{lock 'first' is kept: a flow that holds it may wait for lock 'second'}}
flux.lock @first program rank 0
// expected-remark @below {{lock 'second' is kept: node 'Send' may block while it is held}}
flux.lock @second program rank 1
flux.node @Send () -> () blocking
flux.node @Count () -> () nonblocking
// CHECK: flux.constrained [@first write, @second write]
flux.flow @One () -> () {
  // expected-note @below {{it would wait here}}
  flux.constrained [@first write, @second write] {
    flux.call @Count() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @Two () -> () {
  flux.constrained [@second write] {
    // expected-note @below {{it runs here}}
    flux.call @Send() : () -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// Predicates run under the constraints of the flow that asks them; nothing is declared of them.
// CHECK: module @predicates {
module @predicates {
// expected-remark @below {{lock 'cache' is kept: predicate 'hit' may block while it is held}}
flux.lock @cache program rank 0
flux.predicate @hit calls "IsHit"
flux.predicate @set calls "IsSet" {blocks = #flux.blocks<never, "none of its calls does">}
// CHECK: flux.constrained [@cache write]
flux.flow @Choose (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.constrained [@cache write] {
    // expected-note @below {{it runs here}}
    flux.dispatch(%a : !flux.c<"int">)
    case [@set] {
      flux.yield
    }
    case [@hit] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}
}

// -----

// A handler holds its own locks and nothing else. One that blocks needs them, and so does who shares them.
// CHECK: module @handlers attributes {flux.models = ["sped"
module @handlers {
// expected-remark @below {{lock 'log' is kept: handler 'WriteLog' may block while it is held}}
flux.lock @log program rank 0
// expected-remark @below {{lock 'table' is removed: no flow can park while it holds it}}
flux.lock @table program rank 1
// expected-remark @below {{lock 'tally' is removed: no flow can park while it holds it}}
flux.lock @tally program rank 2
flux.node @A () -> () nonblocking
flux.node @B () -> () nonblocking
// CHECK: flux.handler [@A] -> "WriteLog" under [@log write]
// expected-note @below {{it runs here}}
flux.handler [@A] -> "WriteLog" under [@log write]
// CHECK: flux.handler [@F] -> "Tally" {blocks
flux.handler [@F] -> "Tally" under [@tally write] {blocks = #flux.blocks<never, "none of its calls does">}
// CHECK: flux.flow @F
// CHECK-NEXT: flux.call @A
// CHECK-NEXT: flux.constrained [@log write]
flux.flow @F () -> () {
  flux.constrained [@table write] {
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.constrained [@log write] {
    flux.call @B() : () -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// What is held already is not waited for: the inner region cannot park, though the lock is one that flows park with.
// CHECK: module @held_already attributes {flux.models = ["sped"
module @held_already {
// expected-remark @below {{lock 'cache' is kept: node 'Send' may block while it is held}}
flux.lock @cache program rank 0
// expected-remark @below {{lock 'stats' is removed: no flow can park while it holds it}}
flux.lock @stats program rank 1
flux.node @Send () -> () blocking
flux.node @Count () -> () nonblocking
flux.flow @F () -> () {
  flux.constrained [@cache write] {
    // expected-note @below {{it runs here}}
    flux.call @Send() : () -> ()
    flux.constrained [@stats write] {
      flux.constrained [@cache write] {
        flux.call @Count() : () -> ()
        flux.yield
      }
      flux.yield
    }
    flux.yield
  }
  flux.constrained [@stats write] {
    flux.call @Count() : () -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// On any model: what nobody writes needs no lock.
// CHECK: module @readers {
// ANY: module @readers {
module @readers {
// expected-remark @below {{lock 'config' is removed: nobody writes what it protects}}
flux.lock @config program rank 0
flux.node @Read () -> () blocking
// CHECK: flux.flow @F
// CHECK-NEXT: flux.call @Read
// ANY: flux.flow @F
// ANY-NEXT: flux.call @Read
flux.flow @F () -> () {
  flux.constrained [@config read] {
    flux.call @Read() : () -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// On any model: a lock behind another that is held for writing keeps nobody apart. A lock that is taken elsewhere without it does,
// and so does a lock of the program behind one of a session.
// ANY: module @behind {
// ANY: flux.flow @One
// ANY-NEXT: flux.constrained [@outer write] {
// ANY-NEXT: flux.call @Send
// ANY: flux.constrained [@outer write, @peer write]
// ANY: flux.constrained [@total write]
module @behind {
// expected-remark @below {{lock 'outer' is kept}}
flux.lock @outer program rank 0
// expected-remark @below {{lock 'inner' is removed: 'outer' is held for writing wherever it is taken}}
flux.lock @inner program rank 1
// expected-remark @below {{lock 'peer' is kept}}
flux.lock @peer session rank 2
// expected-remark @below {{lock 'buffer' is removed: 'peer' is held for writing wherever it is taken}}
flux.lock @buffer session rank 3
// expected-remark @below {{lock 'total' is kept}}
flux.lock @total program rank 4
flux.node @Send () -> () blocking
flux.flow @One () -> () {
  flux.constrained [@outer write, @inner write] {
    // expected-note @below {{it runs here}}
    flux.call @Send() : () -> ()
    flux.yield
  }
  flux.constrained [@outer write, @peer write] {
    flux.constrained [@inner read] {
      flux.constrained [@buffer write] {
        // expected-note @below {{it runs here}}
        flux.call @Send() : () -> ()
        flux.yield
      }
      flux.yield
    }
    flux.yield
  }
  flux.constrained [@peer write] {
    flux.constrained [@buffer write, @total write] {
      // expected-note @below {{it runs here}}
      flux.call @Send() : () -> ()
      flux.yield
    }
    flux.yield
  }
  flux.return
}
}

// -----

// Where each source is called by itself, what only one of them takes needs no lock. What its flows take does, and what
// two sources take.
// CHECK: module @source attributes {flux.models = ["thread", "pool"
// POOL: module @source attributes {flux.models = ["thread", "pool"
// An object for any model keeps it: elsewhere several processes may call the source.
// ANY: module @source {
// ANY: flux.constrained [@next write]
module @source {
// expected-remark @below {{lock 'next' is removed: only source 'Listen' takes it, whose calls do not overlap}}
flux.lock @next program rank 0
// expected-remark @below {{lock 'both' is kept}}
flux.lock @both program rank 1
// expected-remark @below {{lock 'shared' is kept}}
flux.lock @shared program rank 2
flux.node @Accept () -> () blocking
flux.node @Reply () -> () blocking
flux.source @Listen -> @Page
flux.source @Also -> @Page
// CHECK: flux.flow @Listen
// CHECK-NEXT: flux.call @Accept
// CHECK-NEXT: flux.constrained [@both write]
flux.flow @Listen () -> () {
  flux.constrained [@next write] {
    flux.call @Accept() : () -> ()
    flux.yield
  }
  flux.constrained [@both write] {
    // expected-note @below {{it runs here}}
    flux.call @Accept() : () -> ()
    flux.yield
  }
  flux.constrained [@shared write] {
    // expected-note @below {{it runs here}}
    flux.call @Accept() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @Also () -> () {
  flux.constrained [@both write] {
    flux.call @Accept() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @Page () -> () {
  flux.constrained [@shared write] {
    flux.call @Reply() : () -> ()
    flux.yield
  }
  flux.return
}
}

// -----

// A program without locks stays as it is.
// CHECK: module @none {
module @none {
// CHECK: flux.flow @F
flux.flow @F () -> () {
  flux.return
}
}
