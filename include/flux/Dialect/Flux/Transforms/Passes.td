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
    circle, the fewest regions take a lock early, together with one that they hold. Each change is a remark that
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
  let summary = "Proves that no execution can deadlock on the program's locks";
  let description = [{
    Changes nothing, and trusts nothing but the program that it is given: it walks every way through every flow, computes
    what is held wherever a lock is acquired, and accepts if flows at such places cannot wait for each other in a
    circle. Any number of flows may run at once; locks are fair, so that a reader waits behind a waiting writer; two flows that hold
    one lock in conflicting modes cannot run at once, so a common outer lock makes an inversion harmless; a lock that nobody writes
    makes nobody wait. Any node may fail; a handler that no error can reach, since others take them all before, takes no locks.

    Where no lock has a rank yet, it asks whether the regions' own locks can be taken in some order.

    Refuses: circles, with the flows, what they hold, what they wait for and where; a writer inside a reader of the
    same lock; ranks that some locks lack or share; cyclic flows.

    With `certificate` it writes down what it has found, for `utils/check-certificate.py` to check against
    what `flux-translate --flux-to-json` says of the same program.
  }];
  let options = [
    Option<"certificate", "certificate", "std::string", /*default=*/"", "File to write the proof to, as JSON">
  ];
}

def FluxFuseNodes : Pass<"flux-fuse-nodes", "::mlir::ModuleOp"> {
  let summary = "Merges neighbours that need no boundary between them";
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
