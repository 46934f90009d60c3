//===- InferBlocking.cpp - Finds out which nodes may block --------------------------------------------------------===//
//
// What a program declares of a node counts. Of the others, and of predicates and handlers, the nodes' code tells
// (BlockingCalls.h); of code that is not there nothing is known, so it may block. A promise not to block that the code
// breaks for certain is worth a warning: it would be broken at run time.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "NodeFiles.h"
#include "flux/Analysis/BlockingCalls.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"

namespace flux {
#define GEN_PASS_DEF_FLUXINFERBLOCKING
#include "flux/Dialect/Flux/Transforms/Passes.h.inc"
} // namespace flux

using namespace mlir;
using namespace flux;

namespace {

struct InferBlocking : flux::impl::FluxInferBlockingBase<InferBlocking> {
  using FluxInferBlockingBase::FluxInferBlockingBase;
  void runOnOperation() override;

private:
  LogicalResult readFiles(NodeCode &code);
  BlocksAttr verdict(Verdict verdict, const Twine &why) { return BlocksAttr::get(&getContext(), verdict, why.str()); }
  BlocksAttr judgeNode(const NodeCode &code, NodeOp node);
  BlocksAttr judgeCode(const NodeCode &code, Operation *op, StringRef kind, StringRef function);
};

} // namespace

BlocksAttr InferBlocking::judgeNode(const NodeCode &code, NodeOp node) {
  StringRef name = node.getSymName();
  switch (node.getBlocking()) {
  case Blocking::Unknown:
    return judgeCode(code, node, "node", name);
  case Blocking::Blocking:
    return verdict(Verdict::May, "it is declared blocking");
  case Blocking::Nonblocking:
    break;
  }
  std::optional<BlockingCall> call;
  if (code.codeOf(name))
    call = findBlockingCall(code, name);
  // What an assertion has to say before it ends the process is nothing to warn of.
  if (call && call->kind == BlockingCall::Kind::Known && !call->isLast) {
    InFlightDiagnostic diag = mlir::emitWarning(node.getLoc())
                              << "node '" << name << "' is declared nonblocking, but " << call->describe();
    noteCall(diag, call->where, &getContext());
  }
  return verdict(Verdict::Never, "it is declared nonblocking");
}

/// What is known of a function of which nothing is declared, also as a remark.
BlocksAttr InferBlocking::judgeCode(const NodeCode &code, Operation *op, StringRef kind, StringRef function) {
  if (!code.codeOf(function)) {
    mlir::emitRemark(op->getLoc()) << kind << " '" << function << "' may block: its code is not known";
    return verdict(Verdict::May, "its code is not known");
  }
  std::optional<BlockingCall> call = findBlockingCall(code, function);
  if (!call) {
    mlir::emitRemark(op->getLoc()) << kind << " '" << function << "' never blocks";
    return verdict(Verdict::Never, "none of its calls does");
  }
  InFlightDiagnostic diag = mlir::emitRemark(op->getLoc())
                            << kind << " '" << function << "' may block: " << call->describe();
  noteCall(diag, call->where, &getContext());
  return verdict(Verdict::May, call->describe());
}

LogicalResult InferBlocking::readFiles(NodeCode &code) {
  if (failed(addNodeCode(code, nodes, getOperation())))
    return failure();
  for (const std::string &file : linked)
    if (std::string problem = code.linked.add(file); !problem.empty())
      return getOperation().emitError() << "the symbols of '" << file << "' cannot be read: " << problem;
  if (unseen)
    code.linked.addUnseen();
  return success();
}

void InferBlocking::runOnOperation() {
  if (failed(verifyIsProgram(getOperation())))
    return signalPassFailure();
  NodeCode code;
  if (failed(readFiles(code)))
    return signalPassFailure();
  for (Operation &op : getOperation().getOps()) {
    if (auto node = dyn_cast<NodeOp>(op))
      node.setBlocksAttr(judgeNode(code, node));
    else if (auto predicate = dyn_cast<PredicateOp>(op))
      predicate.setBlocksAttr(judgeCode(code, predicate, "predicate", predicate.getFunction()));
    else if (auto handler = dyn_cast<HandlerOp>(op))
      handler.setBlocksAttr(judgeCode(code, handler, "handler", handler.getFunction()));
  }
}
