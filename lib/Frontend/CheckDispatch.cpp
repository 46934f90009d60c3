//===- CheckDispatch.cpp - The rules of the language: cases and predicates --------------------------------------===//

#include "Sema.h"
#include "flux/Dialect/Flux/IR/ReachedCases.h"
#include "flux/Dialect/Flux/IR/Rules.h"

using namespace flux;
using namespace flux::frontend;
using llvm::SMLoc;
using llvm::StringRef;

namespace {

class DispatchChecker {
public:
  DispatchChecker(const ResolvedProgram &resolved, const TypeTable &types, Diagnostics &diagnostics)
      : resolved(resolved), types(types), diagnostics(diagnostics) {}

  void check(const Function &flow);

private:
  PatternTests testsOf(const Function &flow, const Case &definition);
  void checkPredicate(const ast::Name &use, const ast::Argument &tested);
  void warnOpen(const Function &flow);

  const ResolvedProgram &resolved;
  const TypeTable &types;
  Diagnostics &diagnostics;
  /// What each predicate's C function takes, and where that is first seen.
  llvm::DenseMap<StringRef, std::pair<const ast::Argument *, SMLoc>> tested;
};

} // namespace

/// Checks that a predicate is asked about one type only, one that C passes in a register.
void DispatchChecker::checkPredicate(const ast::Name &use, const ast::Argument &argument) {
  const ast::Predicate *predicate = resolved.predicates.lookup(use.text);
  CType type = types.of(argument);
  if (!predicate || !type)
    return;
  if (type.getClass() == CClass::Record) {
    diagnostics
        .error(use.loc, "predicate '" + use.text + "' cannot test '" + argument.name.text + "' of type '" +
                            type.getSpelling() + "'; predicates take arithmetic types and pointers")
        .note(argument.name.loc, "'" + argument.name.text + "' is declared here");
    return;
  }
  auto [entry, isNew] = tested.try_emplace(predicate->function.text, &argument, use.loc);
  auto [first, firstUse] = entry->second;
  if (!isNew && !types.agree(*first, argument))
    diagnostics
        .error(use.loc,
               sayOtherFieldType(use.text, types.of(*first).getSpelling(), argument.name.text, type.getSpelling()))
        .note(firstUse, "the predicate's type comes from its first use");
}

/// The tests of a case, ascending; positions beyond the flow's inputs are left out.
PatternTests DispatchChecker::testsOf(const Function &flow, const Case &definition) {
  const std::vector<ast::Name> &pattern = *definition.syntax->pattern;
  if (flow.inputs && pattern.size() != flow.inputs->size()) {
    diagnostics
        .error(pattern.front().loc, "the pattern has " + llvm::Twine(pattern.size()) +
                                        (pattern.size() == 1 ? " element" : " elements") + ", but flow '" +
                                        flow.name.text + "' takes " + llvm::Twine(flow.inputs->size()) +
                                        (flow.inputs->size() == 1 ? " input" : " inputs"))
        .note(flow.signature ? flow.signature->name.loc : SMLoc(), "'" + flow.name.text + "' is declared here");
  }
  PatternTests tests;
  for (auto [position, element] : llvm::enumerate(pattern)) {
    if (element.text == "_")
      continue;
    tests.push_back({position, element.text});
    if (flow.inputs && position < flow.inputs->size())
      checkPredicate(element, (*flow.inputs)[position]);
  }
  return tests;
}

void DispatchChecker::check(const Function &flow) {
  ReachedCases reached;
  bool hasCatchAll = false;
  for (const Case &definition : flow.cases) {
    if (!definition.syntax->pattern)
      return; // mixed with cases, which is reported already
    PatternTests tests = testsOf(flow, definition);
    hasCatchAll |= tests.empty();
    if (std::optional<unsigned> earlier = reached.add(std::move(tests)))
      diagnostics.error(definition.syntax->name.loc, sayNeverTaken(flow.name.text))
          .note(flow.cases[*earlier].syntax->name.loc, "an earlier case accepts everything that it accepts");
  }
  if (!hasCatchAll)
    warnOpen(flow);
}

/// Warns that no case of `flow` accepts everything, and shows the pattern of one that would.
void DispatchChecker::warnOpen(const Function &flow) {
  std::string wildcards = "_";
  for (size_t i = 1; i < flow.cases.front().syntax->pattern->size(); ++i)
    wildcards += ", _";
  diagnostics.warning(flow.name.loc, "flow '" + flow.name.text +
                                         "' ends with FLUX_E_NOMATCH where no case matches; add a last case [" +
                                         wildcards + "]");
}

void flux::frontend::checkDispatch(const ResolvedProgram &resolved, const TypeTable &types, Diagnostics &diagnostics) {
  DispatchChecker checker(resolved, types, diagnostics);
  for (const Function &function : resolved.functions)
    if (function.isDispatch())
      checker.check(function);
}
