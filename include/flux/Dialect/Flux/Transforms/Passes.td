//===- Passes.td - Passes over the flux dialect -------------------------------------------------------------------===//

#ifndef FLUX_DIALECT_FLUX_TRANSFORMS_PASSES
#define FLUX_DIALECT_FLUX_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def FluxVerifyAcyclic : Pass<"flux-verify-acyclic", "::mlir::ModuleOp"> {
  let summary = "Checks that no flow reaches itself";
  let description = [{
    Changes nothing. Refuses a program in which a flow calls itself, directly or through others, whether a source reaches it
    or not, and prints the cycle link by link. Every later pass relies on it.

    ```flux
    A = B;
    B = A;    // error: flow 'A' reaches itself
    ```
  }];
}

def FluxAssignLockOrder : Pass<"flux-assign-lock-order", "::mlir::ModuleOp"> {
  let summary = "Ranks the locks and makes every flow acquire them in that order";
  let description = [{
    Precondition: the program is acyclic; a cycle is reported as by `flux-verify-acyclic`.

    Ranks are a topological order of "held while acquiring" over all flows, ties by name; ranks that the program had are
    replaced. A region that reads a lock and contains a writer of it becomes a writer. Where flows could wait for each other in a
    circle, as far as the proof can tell, the fewest regions take a lock early, together with one that they hold. Each change is a remark that
    names both places and the constraint that would say the same.

    Postcondition: every lock has a rank, and `verify-deadlock-free` accepts the program.

    ```mlir
    flux.constrained [@a write] {
      flux.call @TakesB() : () -> ()     // constrained by [@b write]
      flux.yield
    }
    ```

    becomes, where another flow holds `b` while it takes `a`,

    ```mlir
    flux.constrained [@a write, @b write] {
      flux.call @TakesB() : () -> ()
      flux.yield
    }
    ```
  }];
}

def VerifyDeadlockFree : Pass<"verify-deadlock-free", "::mlir::ModuleOp"> {
  let summary = "Proves that flows cannot wait for each other in a circle through Flux constraints alone, provided that "
                "nodes return";
  let description = [{
    This is proved for any number of flows, whatever they do. What nodes wait for themselves (mutexes, pipes, conditions) is not
    looked at here; see `flux-verify-mutexes` and `flux-check-waits`.

    Changes nothing, and trusts nothing but the program that it is given: it walks every way through every flow, computes
    what is held wherever a lock is acquired, and accepts if it can prove that flows at such places never wait for each other in
    a circle. Any number of flows may run at once; locks are fair, so that a reader waits behind a waiting writer; two flows that hold
    one lock in conflicting modes cannot run at once, so a common outer lock makes an inversion harmless; a lock that nobody writes
    makes nobody wait. Any node may fail; a handler that no error can reach, since others take them all before, takes no locks.

    Where no lock has a rank yet, it asks whether the regions' own locks can be taken in some order.

    The proof eliminates places, one after the other, at which no flow can wait for itself, until whoever waits does so for a
    lock behind all that he holds (`docs/Rationale.md`). It is polynomial and can fail for a program without a deadlock.

    Refuses: circles, with the flows, their sessions, what they hold, what they wait for and where; programs that it can
    neither prove nor find a circle in; a writer inside a reader of the same lock; ranks that some locks lack or share; cyclic flows.
    As every pass, it refuses a module that is not a program, all of it and nothing more, rather than look at a part. Of an empty
    program it warns that there is nothing to prove.

    With `certificate` it writes down what it has found, for `utils/check-certificate.py` to check against
    what `flux-translate --flux-to-json` says of the same program.
  }];
  let options = [
    Option<"certificate", "certificate", "std::string", /*default=*/"", "File to write the proof to, as JSON">
  ];
}

def FluxVerifyMutexes : Pass<"flux-verify-mutexes", "::mlir::ModuleOp"> {
  let summary = "Looks for deadlocks with mutexes that the nodes take themselves";
  let description = [{
    Changes nothing. The nodes' LLVM bitcode is searched for mutexes (`pthread_mutex_t`, `pthread_rwlock_t`, `mtx_t` and what the C++ library
    makes of them) that have a name: variables of static storage, their members, and what such variables point to. With these as
    further locks the program is judged as by `verify-deadlock-free`: a node waits for a mutex with the constraints of
    its flow and the mutexes that it holds; one that it keeps is held in the steps behind it. An attempt that ends by itself
    (`trylock`, `timedlock`) does not wait.

    That nothing is found is no proof: mutexes in objects on the heap, and those inside of libraries, are not seen.

    Precondition: every lock has a rank (`flux-assign-lock-order`) and `verify-deadlock-free` accepts the program.

    Refuses: circles, as `verify-deadlock-free` does, with the places in the nodes' source.

    With the C source of two nodes beside it,

    ```c
    int Log(Log_in *in)   { pthread_mutex_lock(&file); pthread_mutex_lock(&table); ... }
    int Count(Count_in *in) { pthread_mutex_lock(&table); pthread_mutex_lock(&file); ... }
    ```

    this program is refused, although it has no constraint:

    ```mlir
    flux.flow @Serve(socket: !flux.c<"int">) -> () {
    ^bb0(%socket: !flux.c<"int">):
      flux.call @Log(%socket) : (!flux.c<"int">) -> ()
      flux.call @Count(%socket) : (!flux.c<"int">) -> ()
      flux.return
    }
    ```
  }];
  let options = [
    ListOption<"nodes", "nodes", "std::string", "Files with the LLVM bitcode (or textual IR) of the nodes">
  ];
}

def FluxCheckWaits : Pass<"flux-check-waits", "::mlir::ModuleOp"> {
  let summary = "Says where a flow holds something while it waits for what is no lock";
  let description = [{
    Changes nothing. The proof takes for granted that nodes return. By the nodes' LLVM bitcode this pass says

    * as a remark (with `strict` as a warning), that a node holds a constraint while it waits for the network or a pipe: whoever needs
      the constraint waits as long;
    * as a warning, for models with a fixed number of workers, that it does so while it waits for what another flow has to do (a
      condition variable, a semaphore, a pipe that the program made for itself): all workers can come to wait for the constraint while
      that flow is still queued;
    * as a warning, for models with event loops, that it holds a mutex of its own while it waits: the flow parks and keeps
      the mutex, so that flows which lock it, on whatever loop, are parked as long;
    * as a warning, for models with event loops, that it uses a `thread_local` variable, which somebody writes, before and after it
      waits: the flows of a loop share the variable.

    Refuses: a file of `nodes` that is no bitcode; an unknown model.

    ```mlir
    flux.constrained [@cache write] {
      flux.call @Fetch(%0) : (!flux.c<"int">) -> ()    // calls recv()
      flux.yield
    }
    ```

    gives the remark `node 'Fetch' holds 'cache' while it waits in 'recv'`.
  }];
  let options = [
    ListOption<"nodes", "nodes", "std::string", "Files with the LLVM bitcode (or textual IR) of the nodes">,
    Option<"model", "model", "std::string", /*default=*/"", "Execution model to judge for; all without it">,
    Option<"strict", "strict", "bool", /*default=*/"false", "Warn of each constraint that is held across a wait">
  ];
}

def FluxInferBlocking : Pass<"flux-infer-blocking", "::mlir::ModuleOp"> {
  let summary = "Finds out which nodes, predicates and handlers may block";
  let description = [{
    Sets the attribute `blocks` of every node, predicate and handler, with the reason. What the program declares of a node counts;
    otherwise the call graph of the nodes' LLVM bitcode is searched, which has to be that of the code that is linked. Functions of the C
    and C++ libraries are known by name, where nothing that is linked has a function of that name; what they call back is searched, too.
    A call that leads to other code that is not there, or through a pointer, may block. What is not declared is a remark, with
    the shortest chain of calls that leads to one that may block.

    Warns of a node that is declared `nonblocking` and calls a function that is known to block.

    Refuses: a file of `nodes` that is no bitcode, and one of `linked` that has no symbols.

    ```mlir
    flux.node @Store(image: !flux.c<"int">) -> ()
    ```

    becomes, with the bitcode of a `Store` that calls `save_file`,

    ```mlir
    flux.node @Store(image: !flux.c<"int">) -> () {blocks = #flux.blocks<may, "it calls 'save_file', which calls 'fsync' (store.c:12)">}
    ```
  }];
  let options = [
    ListOption<"nodes", "nodes", "std::string", "Files with the LLVM bitcode (or textual IR) of the nodes">,
    ListOption<"linked", "linked", "std::string", "Object files, archives and shared libraries that are linked with it">,
    Option<"unseen", "unseen", "bool", /*default=*/"false", "More is linked than that, so no name is a library's for certain">
  ];
}

def FluxMarkBlocking : Pass<"flux-mark-blocking", "::mlir::ModuleOp"> {
  let summary = "Has the execution model run the nodes that are declared blocking";
  let description = [{
    Sets the attribute `by_model` of every node that is declared `blocking`: its calls go through the model, which may have a better
    place for it to block. What is only inferred to block is called directly, and waits where the flow is.

    Precondition: `flux-elide-locks` has not run yet; where the model runs a node the flow may park.

    ```mlir
    flux.node @Store(image: !flux.c<"int">) -> () blocking
    ```

    becomes

    ```mlir
    flux.node @Store(image: !flux.c<"int">) -> () blocking {by_model}
    ```
  }];
}

def FluxElideLocks : Pass<"flux-elide-locks", "::mlir::ModuleOp"> {
  let summary = "Removes locks that an execution model does not need";
  let description = [{
    Precondition: every lock has a rank (`flux-assign-lock-order`) and the program is free of deadlock; the proof belongs before
    this pass, since it does not know of the reasons for which a lock is removed. `flux-infer-blocking` has run, else only nodes
    that are declared `nonblocking` are known not to block.

    On any model a lock goes if nobody writes what it protects, or if another lock is held for writing wherever it is taken. Where each
    source is called by one thread of one process, it goes if only the function of one source takes it, whose calls do not overlap.

    On a model with a single event loop (`sped`, `amped`) a flow gives way to others only where it parks: in a node that blocks or
    that the model runs (`by_model`), or waiting for a lock with which another flow has parked. A region does without its lock if nobody can park with the lock in a
    conflicting mode, itself included. So a lock goes if no flow can park with it; and a reader that does not park does without even
    where other readers park, if no writer does. All others are kept: there they cost no more than a counter, unless somebody waits.

    With an event loop for each core (`percore`) the flows of a session run on one loop, so this holds for session locks; a lock of the
    program is kept, and a flow that waits for it parks.

    For each lock a remark says what became of it, and why; of a kept one, which node may block, and by which call.

    Nodes, predicates and handlers that run under a lock which could go for such reasons get the attribute `guarded`, if it was
    inferred that they never block: should one wait all the same, it keeps its event loop.

    Postcondition: the program does on this model what it did before. The attribute `flux.models` of the module names the models for
    which that is so, if it is not so for all.

    Refuses: an unknown model; a lock without a rank.

    ```mlir
    flux.constrained [@cache write] {
      flux.call @Insert(%0) : (!flux.c<"int">) -> ()    // nonblocking
      flux.yield
    }
    ```

    becomes, for `sped`, if no other region of `cache` can park,

    ```mlir
    flux.call @Insert(%0) : (!flux.c<"int">) -> ()
    ```
  }];
  let options = [
    Option<"model", "model", "std::string", /*default=*/"", "Execution model to serve; any without it">,
    Option<"force", "force", "bool", /*default=*/"false",
           "Remove every lock, wrongly: for tests that have to notice it">
  ];
}

def FluxMergeRegions : Pass<"flux-merge-regions", "::mlir::ModuleOp"> {
  let summary = "Merges neighbouring regions that hold the same locks";
  let description = [{
    Regions that follow each other and hold the same locks in the same modes become one, with a remark. A program that was free of
    deadlock stays so: what is held around an acquisition does not change.

    ```mlir
    %0 = flux.constrained [@cache read] -> !flux.c<"int"> {
      %2 = flux.call @Find(%key) : (!flux.c<"int">) -> !flux.c<"int">
      flux.yield %2 : !flux.c<"int">
    }
    flux.constrained [@cache read] {
      flux.call @Count(%0) : (!flux.c<"int">) -> ()
      flux.yield
    }
    ```

    becomes

    ```mlir
    flux.constrained [@cache read] {
      %2 = flux.call @Find(%key) : (!flux.c<"int">) -> !flux.c<"int">
      flux.call @Count(%2) : (!flux.c<"int">) -> ()
      flux.yield
    }
    ```
  }];
}

#endif // FLUX_DIALECT_FLUX_TRANSFORMS_PASSES
