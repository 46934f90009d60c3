//===- FluxOps.td - Operations of the flux dialect -------------------------------------------------------------===//

#ifndef FLUX_DIALECT_FLUX_IR_FLUXOPS
#define FLUX_DIALECT_FLUX_IR_FLUXOPS

include "flux/Dialect/Flux/IR/FluxDialect.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Flux_Op<string mnemonic, list<Trait> traits = []> : Op<Flux_Dialect, mnemonic, traits>;

/// The module around the operation is a program, and no part of anything.
def Flux_PartOfProgram : NativeOpTrait<"PartOfProgram"> { let cppNamespace = "::flux"; }

/// An operation of the module's top level. The last one of a program verifies what holds between all of them.
class Flux_Declaration<string mnemonic, list<Trait> traits = []>
    : Flux_Op<mnemonic, !listconcat([HasParent<"::mlir::ModuleOp">, Flux_PartOfProgram,
                                     DeclareOpInterfaceMethods<SymbolUserOpInterface>], traits)> {
  let hasVerifier = 1;
}

/// An operation within a flow.
class Flux_Step<string mnemonic, list<Trait> traits = []>
    : Flux_Op<mnemonic, !listconcat([HasParent<"::flux::FlowOp, ::flux::ConstrainedOp, ::flux::DispatchOp">,
                                     DeclareOpInterfaceMethods<SymbolUserOpInterface>], traits)>;

//===-------------------------------------------------------------------------------------------------------------===//
// Declarations
//===-------------------------------------------------------------------------------------------------------------===//

def Flux_IncludeOp : Flux_Declaration<"include"> {
  let summary = "names a header that defines C types of the program";
  let description = [{
    The generated header includes it.

    ```mlir
    flux.include "image_tag.h"
    ```

    ```flux
    include "image_tag.h";
    ```
  }];
  let arguments = (ins StrAttr:$header);
  let assemblyFormat = "$header attr-dict";
}

def Flux_LockOp : Flux_Declaration<"lock", [Symbol]> {
  let summary = "declares a reader-writer lock";
  let description = [{
    A lock that constraints name. Scope `program` means one lock for the server; `session` means one for each
    session key. `rank` is the lock's place in the order in which one region takes several locks;
    `flux-assign-lock-order` sets it, and no two locks share one.

    ```mlir
    flux.lock @cache program
    flux.lock @peer session rank 3
    ```

    ```flux
    constraint CheckCache:{cache};
    constraint Reply:{peer(session)};
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Flux_LockScopeAttr:$scope,
                       OptionalAttr<ConfinedAttr<I32Attr, [IntNonNegative]>>:$rank);
  let assemblyFormat = "$sym_name custom<Scope>($scope) (`rank` custom<Rank>($rank)^)? attr-dict";
}

def Flux_PredicateOp : Flux_Declaration<"predicate", [Symbol]> {
  let summary = "declares a predicate, a C function that tests one field";
  let description = [{
    The function is `bool function(T)`. It must have no effect: a dispatch may call it or not. `blocks` is what
    `flux-infer-blocking` has found out about it, `guarded` says that `flux-elide-locks` relies on it.

    ```mlir
    flux.predicate @hit calls "TestInCache"
    ```

    ```flux
    typedef hit TestInCache;
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$function, OptionalAttr<Flux_BlocksAttr>:$blocks,
                       UnitAttr:$guarded);
  let assemblyFormat = "$sym_name `calls` $function attr-dict";
}

def Flux_NodeOp : Flux_Declaration<"node", [Symbol]> {
  let summary = "declares a concrete node, a C function";
  let description = [{
    The function is `int name(name_in *in, name_out *out)`; an empty side drops its parameter. Zero lets the flow go on,
    anything else ends it. Field names are kept for the generated header. `blocking` and `nonblocking` are what the program
    declares, `blocks` is what `flux-infer-blocking` makes of it, and `guarded` says that `flux-elide-locks` relies on an inference.

    `by_model` says that the execution model runs the node: all of its calls go through `flux_ir_run`, and the flow may park
    there. Passes set it (`flux-mark-blocking`); other nodes are called directly and can become part of the flow. It excludes
    `guarded`, which is a promise that calls of the node do not park.

    ```mlir
    flux.node @ReadRequest(socket: !flux.c<"int">) -> (socket: !flux.c<"int">, request: !flux.c<"char *">) blocking
    ```

    ```flux
    ReadRequest (int socket) => (int socket, char *request);
    blocking ReadRequest;
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
    StrArrayAttr:$input_names, StrArrayAttr:$output_names,
    DefaultValuedAttr<Flux_BlockingAttr, "::flux::Blocking::Unknown">:$blocking,
    OptionalAttr<Flux_BlocksAttr>:$blocks, UnitAttr:$guarded, UnitAttr:$by_model
  );
  let assemblyFormat = [{
    $sym_name custom<Signature>($function_type, $input_names, $output_names) custom<Blocking>($blocking) attr-dict
  }];
}

def Flux_FlowOp : Flux_Declaration<"flow", [Symbol, IsolatedFromAbove, SingleBlock]> {
  let summary = "defines a flow, an acyclic composition of nodes and flows";
  let description = [{
    The body's arguments are the flow's inputs, `flux.return` gives its outputs. A flow may call other flows but,
    directly or not, never itself (`flux-verify-acyclic`).

    ```mlir
    flux.flow @Page(socket: !flux.c<"int">) -> () {
    ^bb0(%socket: !flux.c<"int">):
      %0:2 = flux.call @ReadRequest(%socket) : (!flux.c<"int">) -> (!flux.c<"int">, !flux.c<"char *">)
      flux.call @Reply(%0#0, %0#1) : (!flux.c<"int">, !flux.c<"char *">) -> ()
      flux.return
    }
    ```

    ```flux
    Page (int socket) => ();
    Page = ReadRequest -> Reply;
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
    StrArrayAttr:$input_names, StrArrayAttr:$output_names
  );
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name custom<Signature>($function_type, $input_names, $output_names) attr-dict-with-keyword $body
  }];
}

def Flux_SourceOp : Flux_Declaration<"source"> {
  let summary = "starts flows";
  let description = [{
    The runtime calls `function` (a node or a flow without inputs) in a loop and starts `target` with what it produces.
    `session` names the C function `int64_t f(target_in *)` that gives the new flow its session.

    ```mlir
    flux.source @Listen -> @Page session "PeerOf"
    ```

    ```flux
    source Listen {session: PeerOf} => Page;
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$function, FlatSymbolRefAttr:$target, OptionalAttr<StrAttr>:$session);
  let assemblyFormat = "$function `->` $target (`session` $session^)? attr-dict";
}

def Flux_HandlerOp : Flux_Declaration<"handler"> {
  let summary = "gives an error a place to go";
  let description = [{
    The last element of `path` is the node or flow whose errors are handled; the flows before it, from the outside in, must
    be running when the error occurs. The C function is `void function(last_in *in, int error)`; it runs after every
    constraint of the flow has been released, under the constraint that it names itself. Where several
    handlers fit, the innermost function's come first, then the longest path. `blocks` is what `flux-infer-blocking` has found
    out about the function, `guarded` says that `flux-elide-locks` relies on it.

    ```mlir
    flux.handler [@Page, @ReadWrite] -> "FourOhFor" under [@log write]
    ```

    ```flux
    handle error Page -> ReadWrite => FourOhFor;
    constraint FourOhFor:{log};
    ```
  }];
  let arguments = (ins
    TypedArrayAttrBase<FlatSymbolRefAttr, "functions from the outside in">:$path, StrAttr:$function,
    DefaultValuedAttr<Flux_HoldArrayAttr, "{}">:$holds,
    OptionalAttr<Flux_BlocksAttr>:$blocks, UnitAttr:$guarded
  );
  let assemblyFormat = "$path `->` $function custom<Under>($holds) attr-dict";
}

//===-------------------------------------------------------------------------------------------------------------===//
// Inside a flow
//===-------------------------------------------------------------------------------------------------------------===//

def Flux_CallOp : Flux_Step<"call"> {
  let summary = "runs a node or a flow";
  let description = [{
    Operands and results agree with the callee's signature in number and in canonical type. An error of the callee
    leaves the whole flow.

    ```mlir
    %0 = flux.call @Parse(%line) : (!flux.c<"char *">) -> !flux.c<"int">
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<Flux_CType>:$operands);
  let results = (outs Variadic<Flux_CType>:$results);
  let assemblyFormat = "$callee `(` $operands `)` attr-dict `:` functional-type($operands, $results)";
}

def Flux_ConstrainedOp : Flux_Step<"constrained", [SingleBlock, NoRegionArguments]> {
  let summary = "runs its region while holding locks";
  let description = [{
    Takes the locks that the flow does not hold yet in rank order, runs the region, and releases them on every way out.
    A lock that is held already must be held at least as strongly.

    ```mlir
    %1 = flux.constrained [@cache read, @log write] -> !flux.c<"int"> {
      %2 = flux.call @Lookup(%0) : (!flux.c<"char *">) -> !flux.c<"int">
      flux.yield %2 : !flux.c<"int">
    }
    ```

    ```flux
    constraint Lookup:{cache?, log};
    ```
  }];
  let arguments = (ins Flux_HoldArrayAttr:$holds);
  let results = (outs Variadic<Flux_CType>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    custom<Holds>($holds) (`->` type($results)^)? attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
}

def Flux_DispatchOp : Flux_Step<"dispatch", [SingleBlock, NoRegionArguments]> {
  let summary = "chooses among cases by predicates on fields";
  let description = [{
    Each case has a pattern with one element per operand: `_` accepts anything, `@p` asks predicate `p`. Cases are tried in
    order and the first whose predicates all hold (tested left to right) runs. If none does, the flow ends with
    `FLUX_E_NOMATCH`.

    ```mlir
    %1 = flux.dispatch(%0#0, %0#1 : !flux.c<"int">, !flux.c<"bool">) -> !flux.c<"int">
    case [_, @hit] {
      flux.yield %0#0 : !flux.c<"int">
    }
    case [_, _] {
      %2 = flux.call @Load(%0#0, %0#1) : (!flux.c<"int">, !flux.c<"bool">) -> !flux.c<"int">
      flux.yield %2 : !flux.c<"int">
    }
    ```

    ```flux
    Handler:[_, hit] = ;
    Handler:[_, _] = Load;
    ```
  }];
  let arguments = (ins Variadic<Flux_CType>:$operands, ArrayAttr:$patterns);
  let results = (outs Variadic<Flux_CType>:$results);
  let regions = (region VariadicRegion<SizedRegion<1>>:$cases);
  let extraClassDeclaration = [{
    /// Whether some case accepts everything, so that one always matches.
    bool hasCatchAll();
  }];
  let assemblyFormat = [{
    `(` ($operands^ `:` type($operands))? `)` (`->` type($results)^)? attr-dict-with-keyword
    custom<Cases>($patterns, $cases)
  }];
  let hasVerifier = 1;
}

def Flux_YieldOp : Flux_Op<"yield", [
    Terminator, Pure, HasParent<"::flux::ConstrainedOp, ::flux::DispatchOp">]> {
  let summary = "gives a region's results";
  let description = [{
    ```mlir
    flux.yield %0 : !flux.c<"int">
    ```
  }];
  let arguments = (ins Variadic<Flux_CType>:$operands);
  let assemblyFormat = "($operands^ `:` type($operands))? attr-dict";
}

def Flux_ReturnOp : Flux_Op<"return", [Terminator, Pure, HasParent<"::flux::FlowOp">]> {
  let summary = "ends a flow with its outputs";
  let description = [{
    ```mlir
    flux.return %0 : !flux.c<"int">
    ```
  }];
  let arguments = (ins Variadic<Flux_CType>:$operands);
  let assemblyFormat = "($operands^ `:` type($operands))? attr-dict";
  let hasVerifier = 1;
}

#endif // FLUX_DIALECT_FLUX_IR_FLUXOPS
