//===- RandomProgram.cpp - Small programs with much locking -------------------------------------------------------===//

#include "RandomProgram.h"
#include "GatedProgram.h"
#include "llvm/Support/raw_ostream.h"
#include <set>
#include <vector>

using namespace explorer;

namespace {

class Generator {
public:
  explicit Generator(Random &random) : random(random), os(text) {}

  std::string run();

private:
  /// A flow may call those behind it only.
  struct Flow {
    std::vector<std::vector<std::string>> chains; ///< one, or the cases of a dispatch
    std::set<std::string> reached;                ///< nodes and flows that may run within it
    bool isDispatch = false, hasCatchAll = true;
  };

  unsigned below(unsigned bound) { return random.below(bound); }
  unsigned between(unsigned low, unsigned high) { return random.between(low, high); }
  bool chance(unsigned percent) { return random.chance(percent); }

  std::string node(unsigned index) { return "N" + std::to_string(index); }
  std::string flow(unsigned index) { return "F" + std::to_string(index); }

  void makeFlow(unsigned index);
  std::vector<std::string> chain(unsigned flowIndex, unsigned shortest);
  void reachEverything();
  void writeFlow(unsigned index);
  void writeConstraint(const std::string &name, unsigned percent, bool programOnly = false);
  void writeLocks(const std::string &name, const std::set<unsigned> &locks);
  void writeSources();
  void writeHandlers();

  Random &random;
  std::string text;
  llvm::raw_string_ostream os;
  unsigned numLocks = 0, numNodes = 0, numSources = 0;
  unsigned readers = 0;
  uint32_t sessionLocks = 0;
  std::vector<Flow> flows; ///< the first `numSources` are the sources' targets
};

} // namespace

std::string explorer::randomProgram(uint64_t seed) {
  Random random(seed);
  unsigned kind = random.below(10);
  if (kind < 4)
    return Generator(random).run();
  return (kind < 7 ? mutatedGatedCircle(random) : randomGatedProgram(random)).text();
}

std::string explorer::randomLoopProgram(uint64_t seed) {
  Random random(seed);
  unsigned kind = random.below(4);
  if (kind == 0)
    return randomProgram(seed);
  return (kind == 1 ? mutatedParking(random) : smallGatedProgram(random)).text();
}

std::string Generator::run() {
  numLocks = between(1, 8);
  numNodes = between(2, 5);
  numSources = between(1, 3);
  readers = chance(30) ? 0 : between(10, 60);
  if (chance(30))
    sessionLocks = below(1u << numLocks);
  flows.resize(numSources + between(0, 8));
  for (unsigned index = flows.size(); index-- != 0;)
    makeFlow(index);
  reachEverything();

  for (unsigned index = 0; index != numNodes; ++index)
    os << node(index) << " (int a) => (int a);\n";
  os << "End (int a) => ();\ntypedef p IsP;\ntypedef q IsQ;\n";
  for (unsigned index = 0; index != flows.size(); ++index)
    writeFlow(index);
  // A lock around the flows of all sources makes inversions within harmless, unless it is read or each session's own.
  unsigned onNodes = between(30, 90), onFlows = between(20, 80), guarded = chance(30) ? numSources : 0;
  for (unsigned index = 0; index != numNodes; ++index)
    writeConstraint(node(index), onNodes);
  for (unsigned index = 0; index != flows.size(); ++index)
    index < guarded ? writeLocks(flow(index), {0}) : writeConstraint(flow(index), onFlows);
  writeSources();
  writeHandlers();
  return text;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Flows
//===-------------------------------------------------------------------------------------------------------------===//

void Generator::makeFlow(unsigned index) {
  Flow &made = flows[index];
  bool isTarget = index < numSources;
  made.isDispatch = !isTarget && chance(35);
  made.hasCatchAll = chance(85);
  unsigned cases = made.isDispatch ? 2 : 1;
  for (unsigned count = 0; count != cases; ++count)
    made.chains.push_back(chain(index, made.isDispatch ? 0 : 1));
  if (isTarget)
    made.chains.front().push_back("End");
}

std::vector<std::string> Generator::chain(unsigned flowIndex, unsigned shortest) {
  std::vector<std::string> links;
  for (unsigned length = between(shortest, 3); links.size() < length;) {
    unsigned first = std::max(flowIndex + 1, numSources), callees = flows.size() > first ? flows.size() - first : 0;
    links.push_back(callees && chance(50) ? flow(first + below(callees)) : node(below(numNodes)));
  }
  return links;
}

/// Flows that nothing calls become part of a target; then notes what each flow reaches.
void Generator::reachEverything() {
  std::set<std::string> called;
  for (const Flow &caller : flows)
    for (const auto &links : caller.chains)
      called.insert(links.begin(), links.end());
  for (unsigned index = numSources; index != flows.size(); ++index)
    if (!called.count(flow(index))) {
      std::vector<std::string> &links = flows[below(numSources)].chains.front();
      links.insert(links.begin(), flow(index));
    }
  for (unsigned index = flows.size(); index-- != 0;)
    for (const auto &links : flows[index].chains)
      for (const std::string &link : links) {
        flows[index].reached.insert(link);
        if (link[0] == 'F') {
          const std::set<std::string> &inner = flows[std::stoul(link.substr(1))].reached;
          flows[index].reached.insert(inner.begin(), inner.end());
        }
      }
}

void Generator::writeFlow(unsigned index) {
  const Flow &made = flows[index];
  os << flow(index) << " (int a) => (" << (index < numSources ? "" : "int a") << ");\n";
  for (size_t number = 0; number != made.chains.size(); ++number) {
    os << flow(index);
    if (made.isDispatch)
      os << (number + 1 == made.chains.size() && made.hasCatchAll ? ":[_]" : number == 0 ? ":[p]" : ":[q]");
    os << " = ";
    for (size_t link = 0; link != made.chains[number].size(); ++link)
      os << (link ? " -> " : "") << made.chains[number][link];
    os << ";\n";
  }
}

//===-------------------------------------------------------------------------------------------------------------===//
// The rest
//===-------------------------------------------------------------------------------------------------------------===//

void Generator::writeConstraint(const std::string &name, unsigned percent, bool programOnly) {
  std::set<unsigned> locks;
  if (chance(percent))
    for (unsigned count = chance(70) ? 1 : between(1, 3); count != 0; --count)
      locks.insert(below(numLocks));
  if (programOnly)
    for (unsigned lock = 0; lock != numLocks; ++lock)
      if (sessionLocks >> lock & 1)
        locks.erase(lock);
  writeLocks(name, locks);
}

void Generator::writeLocks(const std::string &name, const std::set<unsigned> &locks) {
  std::string separator = "constraint " + name + ":{";
  for (unsigned lock : locks) {
    os << separator << static_cast<char>('a' + lock) << (chance(readers) ? "?" : "")
       << (sessionLocks >> lock & 1 ? "(session)" : "");
    separator = ", ";
  }
  if (separator == ", ")
    os << "};\n";
}

void Generator::writeSources() {
  for (unsigned index = 0; index != numSources; ++index) {
    std::string number = std::to_string(index), name = "S" + number;
    os << name << " () => (int a);\n";
    writeConstraint(name, 15, /*programOnly=*/true);
    // A source that is a flow has no session before its flows have one.
    if (sessionLocks == 0 && chance(20)) {
      os << "T" << number << " = " << name << " -> " << node(below(numNodes)) << ";\n";
      name = "T" + number;
      writeConstraint(name, 50);
    }
    os << "source " << name << (sessionLocks ? " {session: SessionOf" + number + "}" : std::string()) << " => "
       << flow(index) << ";\n";
  }
}

void Generator::writeHandlers() {
  std::set<std::string> paths;
  for (unsigned count = chance(40) ? between(1, 3) : 0; count != 0; --count) {
    std::string path;
    const Flow &outer = flows[below(flows.size())];
    std::vector<std::string> inner(outer.reached.begin(), outer.reached.end());
    if (inner.empty())
      continue;
    const std::string &last = inner[below(inner.size())];
    if (chance(50))
      path = flow(&outer - flows.data()) + " -> ";
    if (!paths.insert(path + last).second)
      continue;
    std::string name = "H" + std::to_string(count);
    os << "handle error " << path << last << " => " << name << ";\n";
    writeConstraint(name, 70);
  }
}
