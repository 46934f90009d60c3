//===- FluxDialect.td - The flux dialect, its types and attributes ---------------------------------------------===//

#ifndef FLUX_DIALECT_FLUX_IR_FLUXDIALECT
#define FLUX_DIALECT_FLUX_IR_FLUXDIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Flux_Dialect : Dialect {
  let name = "flux";
  let cppNamespace = "::flux";
  let summary = "Servers composed of sequential C and C++ functions";
  let description = [{
    A module of this dialect is one Flux program: the C functions that it is made of (`flux.node`,
    `flux.predicate`), the locks that keep them apart (`flux.lock`), how they feed each other (`flux.flow`), what starts
    flows (`flux.source`) and where errors go (`flux.handler`).

    Values inside a flow are the fields that travel from node to node; their types are C types (`!flux.c`). Control
    is structured: a constraint is a region (`flux.constrained`), so that locks are released on every way out of it by
    construction, and a case of a dispatch is a region. Errors are implicit: every call may leave the flow, every
    constraint is then released, and the innermost handler runs.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let extraClassDeclaration = [{
    /// The attribute of a module that names the execution models which its constraints are complete for, an array of
    /// strings; without it they are complete for all. `flux-elide-locks` sets it.
    static constexpr ::llvm::StringLiteral modelsAttr = "flux.models";
  }];
}

//===-------------------------------------------------------------------------------------------------------------===//
// Types
//===-------------------------------------------------------------------------------------------------------------===//

def Flux_CType : TypeDef<Flux_Dialect, "C"> {
  let mnemonic = "c";
  let summary = "A C or C++ type that a node takes or produces by value";
  let description = [{
    Carries the spelling that generated headers use, the canonical spelling that decides equality, and the layout.
    Arithmetic types and pointers imply their layout (LP64); any other type states its size and alignment in bytes.

    ```mlir
    !flux.c<"int">
    !flux.c<"uint32_t" = "unsigned int">
    !flux.c<"struct sockaddr_in", 16, 4>
    ```
  }];
  let parameters = (ins
    StringRefParameter<"as the program writes it">:$spelling,
    StringRefParameter<"without typedefs, in normal spacing">:$canonical,
    "uint64_t":$size,
    "uint64_t":$align
  );
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The type of a builtin or pointer whose canonical spelling is `canonical`; null if that is neither.
    static CType getBuiltin(::mlir::MLIRContext *context, ::llvm::StringRef spelling, ::llvm::StringRef canonical);

    /// How values of this type travel in machine code.
    CClass getClass() const;

    /// Whether both name the same C type.
    bool isSame(CType other) const { return getCanonical() == other.getCanonical(); }
  }];
}

//===-------------------------------------------------------------------------------------------------------------===//
// Attributes
//===-------------------------------------------------------------------------------------------------------------===//

def Flux_LockMode : I32EnumAttr<"LockMode", "how a lock is taken", [
  I32EnumAttrCase<"Read", 0, "read">, I32EnumAttrCase<"Write", 1, "write">
]> { let cppNamespace = "::flux"; let genSpecializedAttr = 0; }

def Flux_LockScope : I32EnumAttr<"LockScope", "what a lock is shared by", [
  I32EnumAttrCase<"Program", 0, "program">, I32EnumAttrCase<"Session", 1, "session">
]> { let cppNamespace = "::flux"; let genSpecializedAttr = 0; }
def Flux_LockScopeAttr : EnumAttr<Flux_Dialect, Flux_LockScope, "scope">;

def Flux_Blocking : I32EnumAttr<"Blocking", "whether a node may block", [
  I32EnumAttrCase<"Unknown", 0, "unknown">, I32EnumAttrCase<"Blocking", 1, "blocking">,
  I32EnumAttrCase<"Nonblocking", 2, "nonblocking">
]> { let cppNamespace = "::flux"; let genSpecializedAttr = 0; }
def Flux_BlockingAttr : EnumAttr<Flux_Dialect, Flux_Blocking, "block">;

def Flux_Verdict : I32EnumAttr<"Verdict", "what is known of a function that may block or not", [
  I32EnumAttrCase<"Never", 0, "never">, I32EnumAttrCase<"May", 1, "may">
]> { let cppNamespace = "::flux"; let genSpecializedAttr = 0; }

def Flux_BlocksAttr : AttrDef<Flux_Dialect, "Blocks"> {
  let mnemonic = "blocks";
  let summary = "Whether a C function may block, and why one knows";
  let description = [{
    What `flux-infer-blocking` has found out, with the reason as a clause for messages.

    ```mlir
    #flux.blocks<may, "it calls 'save', which calls 'fsync' (store.c:12)">
    ```
  }];
  let parameters = (ins EnumParameter<Flux_Verdict>:$verdict, StringRefParameter<"as a clause">:$why);
  let assemblyFormat = "`<` $verdict `,` $why `>`";
}

def Flux_HoldAttr : AttrDef<Flux_Dialect, "Hold"> {
  let mnemonic = "hold";
  let summary = "One lock and the mode in which a constraint takes it";
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$lock, EnumParameter<Flux_LockMode>:$mode);
  let assemblyFormat = "`<` $lock `,` $mode `>`";
}
def Flux_HoldArrayAttr : TypedArrayAttrBase<Flux_HoldAttr, "locks of a constraint">;

#endif // FLUX_DIALECT_FLUX_IR_FLUXDIALECT
