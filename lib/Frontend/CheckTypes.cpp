//===- CheckTypes.cpp - The rules of the language: neighbours agree ---------------------------------------------===//

#include "Sema.h"

using namespace flux;
using namespace flux::frontend;
using llvm::SMLoc;
using llvm::StringRef;
using llvm::Twine;
using Arguments = std::vector<ast::Argument>;

namespace {

/// One side of an edge, in words.
struct Side {
  const Function &function;
  StringRef role; ///< behind the function's name: ` takes`, `, which ends it, produces`
  const Arguments *arguments;
};

class TypeChecker {
public:
  TypeChecker(ResolvedProgram &resolved, const TypeTable &types, Diagnostics &diagnostics)
      : resolved(resolved), types(types), diagnostics(diagnostics) {}

  void run();

private:
  void deduceSignature(Function &function);
  void checkCase(const Function &flow, const Case &definition);
  void checkSource(const Source &source);
  void compare(SMLoc place, StringRef noun, const Side &wants, const Side &gives);

  ResolvedProgram &resolved;
  const TypeTable &types;
  Diagnostics &diagnostics;
};

} // namespace

/// `node 'Parse'`
static std::string describe(const Function &function) {
  return ((function.isFlow() ? "flow '" : "node '") + function.name.text + "'").str();
}

/// Where the arguments of `function` are written.
static SMLoc signatureLoc(const Function &function) {
  return function.signature ? function.signature->name.loc : function.name.loc;
}

/// `1 input`, `2 inputs`
static std::string count(size_t number, StringRef noun) {
  return (Twine(number) + " " + noun + (number == 1 ? "" : "s")).str();
}

void TypeChecker::run() {
  for (Function *function : resolved.calleesFirst) {
    deduceSignature(*function);
    for (const Case &definition : function->cases)
      checkCase(*function, definition);
  }
  for (const Source &source : resolved.sources)
    checkSource(source);
}

/// Sets what `function` takes and produces, if that can be known.
void TypeChecker::deduceSignature(Function &function) {
  if (function.signature) {
    function.inputs = &function.signature->inputs;
    function.outputs = &function.signature->outputs;
    return;
  }
  auto typed = llvm::find_if(function.cases, [](const Case &definition) { return !definition.links.empty(); });
  if (typed == function.cases.end()) {
    diagnostics.error(function.name.loc, "the type of flow '" + function.name.text +
                                             "' is not known, since its chain is empty; give it a signature: " +
                                             function.name.text + " (...) => (...);");
    return;
  }
  const Function *first = typed->links.front(), *last = typed->links.back();
  function.inputs = first ? first->inputs : nullptr;
  function.outputs = last ? last->outputs : nullptr;
}

void TypeChecker::checkCase(const Function &flow, const Case &definition) {
  const std::vector<ast::Name> &names = definition.syntax->chain;
  if (names.empty())
    return compare(definition.syntax->name.loc, "output", {flow, " produces", flow.outputs},
                   {flow, "its empty chain passes on", flow.inputs});
  const Function *producer = nullptr;
  for (auto [consumer, name] : llvm::zip_equal(definition.links, names)) {
    if (consumer && &name == &names.front())
      compare(name.loc, "input", {*consumer, " takes", consumer->inputs},
              {flow, ", which starts with it, takes", flow.inputs});
    else if (consumer && producer)
      compare(name.loc, "input", {*consumer, " takes", consumer->inputs}, {*producer, " produces", producer->outputs});
    producer = consumer;
  }
  if (producer)
    compare(names.back().loc, "output", {flow, " produces", flow.outputs},
            {*producer, ", which ends it, produces", producer->outputs});
}

/// Checks that one side gives what the other wants, as far as both are known; reports the first difference at `place`.
void TypeChecker::compare(SMLoc place, StringRef noun, const Side &wants, const Side &gives) {
  if (!wants.arguments || !gives.arguments || wants.arguments == gives.arguments)
    return;
  const Arguments &wanted = *wants.arguments, &given = *gives.arguments;
  bool isItself = &wants.function == &gives.function;
  auto words = [&] {
    return std::make_pair(describe(wants.function) + wants.role.str(),
                          (isItself ? "" : "'" + gives.function.name.text.str() + "'") + gives.role.str());
  };
  if (wanted.size() != given.size()) {
    auto [subject, other] = words();
    auto report = diagnostics.error(place, subject + " " + count(wanted.size(), noun) + ", but " + other + " " +
                                               Twine(given.size()));
    report.note(signatureLoc(wants.function), "'" + wants.function.name.text + "' is declared here");
    if (!isItself)
      report.note(signatureLoc(gives.function), "'" + gives.function.name.text + "' is declared here");
    return;
  }
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (types.agree(wanted[i], given[i]))
      continue;
    auto [subject, other] = words();
    diagnostics
        .error(place, subject + " '" + types.of(wanted[i]).getSpelling() + "' as " + noun + " " + Twine(i + 1) +
                          ", but " + other + " '" + types.of(given[i]).getSpelling() + "'")
        .note(wanted[i].typeLoc, "'" + wanted[i].name.text + "' is declared here")
        .note(given[i].typeLoc, "'" + given[i].name.text + "' is declared here");
    return;
  }
}

void TypeChecker::checkSource(const Source &source) {
  const Function *function = source.function, *target = source.target;
  if (function && function->inputs && !function->inputs->empty())
    diagnostics
        .error(source.syntax->function.loc, "source '" + function->name.text + "' takes " +
                                                count(function->inputs->size(), "input") +
                                                ", but the runtime calls a source with none")
        .note(signatureLoc(*function), "'" + function->name.text + "' is declared here");
  if (target && target->outputs && !target->outputs->empty())
    diagnostics
        .error(source.syntax->target.loc, describe(*target) + " produces " + count(target->outputs->size(), "output") +
                                              ", but nothing takes the outputs of a source's target")
        .note(signatureLoc(*target), "'" + target->name.text + "' is declared here");
  if (function && target)
    compare(source.syntax->target.loc, "input", {*target, " takes", target->inputs},
            {*function, " produces", function->outputs});
}

void flux::frontend::checkTypes(ResolvedProgram &resolved, const TypeTable &types, Diagnostics &diagnostics) {
  TypeChecker(resolved, types, diagnostics).run();
}
