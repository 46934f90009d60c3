//===- Passes.td - Conversions out of the flux dialect ---------------------------------------------------------===//

#ifndef FLUX_CONVERSION_PASSES
#define FLUX_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

def ConvertFluxToLLVM : Pass<"convert-flux-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Lowers a Flux program to the llvm dialect";
  let description = [{
    Precondition: the program is acyclic and every lock has a rank (`flux-assign-lock-order`).

    Each flow becomes one internal function: calls to nodes, branches for dispatch, edges for errors, and calls to the
    entry points of `flux/rt/entry_points.def`. Each source becomes a pair of functions, one that polls it and one that
    runs a flow, and the program becomes the constant descriptor `flux_ir_program`.

    Postcondition: no flux op is left; the result runs under the execution models that the module's `flux.models` names, without it
    under any.

    Refuses: a lock without a rank, and a module that is no program.

    ```mlir
    flux.flow @Page(socket: !flux.c<"int">) -> () {
    ^bb0(%socket: !flux.c<"int">):
      flux.call @Reply(%socket) : (!flux.c<"int">) -> ()
      flux.return
    }
    ```

    becomes, in essence,

    ```mlir
    llvm.func internal @flux.flow.Page(%cx: !llvm.ptr, %scope: i64, %in: !llvm.ptr, %out: !llvm.ptr) -> i32 {
      %socket = llvm.load %in : !llvm.ptr -> i32
      %reply_in = llvm.alloca %c1 x !llvm.struct<(i32)> : (i32) -> !llvm.ptr
      llvm.store %socket, %reply_in : i32, !llvm.ptr
      %error = llvm.call @Reply(%reply_in) : (!llvm.ptr) -> i32
      %failed = llvm.icmp "ne" %error, %zero : i32
      llvm.cond_br %failed weights([1, 2000]), ^failed, ^next
    }
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
  let options = [
    Option<"debug", "debug", "bool", "false",
           "make an object for debugging: a node that breaks its promise not to block ends the server, and outputs that a "
           "node does not set are zero">,
    Option<"exceptions", "exceptions", "bool", "false",
           "make an error of each C++ exception that leaves a node, predicate or handler; what is linked must have the C++ "
           "library">
  ];
}

#endif // FLUX_CONVERSION_PASSES
