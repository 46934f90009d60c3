//===- Programs.cpp - Large programs to measure the compiler with -------------------------------------------------===//

#include "Programs.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cstdio>
#include <random>

using namespace bench;

static constexpr unsigned numLayers = 50, numLocks = 1000, nodesPerFlow = 10;

namespace {

/// Consecutive numbers.
struct Range {
  unsigned begin, end;
  unsigned size() const { return end - begin; }
};

class Generator {
public:
  Generator(unsigned numNodes, LockOrder order)
      : numNodes(numNodes), numFlows(std::max(numNodes / nodesPerFlow, numLayers)), order(order), random(numNodes),
        os(text) {}

  std::string run();

private:
  /// The part of `total` things that belongs to one of `parts`.
  static Range share(unsigned total, unsigned index, unsigned parts) {
    auto at = [&](unsigned i) { return static_cast<unsigned>(uint64_t(total) * i / parts); };
    return {at(index), at(index + 1)};
  }
  // Not std::uniform_int_distribution, which every library implements in its own way.
  unsigned choose(Range range) { return range.begin + random() % range.size(); }

  void writeFlow(unsigned flow, unsigned layer);

  unsigned numNodes, numFlows;
  LockOrder order;
  std::mt19937_64 random;
  std::string text;
  llvm::raw_string_ostream os;
};

} // namespace

std::string bench::layeredProgram(unsigned nodes, LockOrder order) { return Generator(nodes, order).run(); }

std::string bench::shapedProgram(const std::string &shape, unsigned size) {
  std::string command = FLUX_SHAPES " " + shape + " " + std::to_string(size);
  FILE *pipe = popen(command.c_str(), "r");
  std::string text;
  char part[4096];
  while (size_t read = pipe ? fread(part, 1, sizeof(part), pipe) : 0)
    text.append(part, read);
  if (!pipe || pclose(pipe) != 0)
    llvm::report_fatal_error("shapes.py gives no program");
  return text;
}

std::string Generator::run() {
  os << "Listen () => (int a);\nEnd (int a) => ();\n";
  for (unsigned layer = 0; layer != numLayers; ++layer) {
    Range flows = share(numFlows, layer, numLayers);
    for (unsigned flow = flows.begin; flow != flows.end; ++flow)
      writeFlow(flow, layer);
  }
  os << "Top = ";
  for (unsigned flow = 0; flow != share(numFlows, 0, numLayers).end; ++flow)
    os << "F" << flow << " -> ";
  os << "End;\nsource Listen => Top;\n";
  return text;
}

void Generator::writeFlow(unsigned flow, unsigned layer) {
  Range locks = share(numLocks, layer, numLayers), forFlows = locks, forNodes = locks;
  if (order == LockOrder::Consistent)
    forFlows.end = forNodes.begin = locks.begin + locks.size() / 2;
  Range nodes = share(numNodes, flow, numFlows);
  std::string chain;
  for (unsigned node = nodes.begin; node != nodes.end; ++node) {
    os << "N" << node << " (int a) => (int a);\n";
    if ((node - nodes.begin) % 3 == 0)
      os << "constraint N" << node << ":{l" << choose(forNodes) << (random() % 2 ? '?' : '!') << "};\n";
    chain += (chain.empty() ? "N" : " -> N") + std::to_string(node);
  }
  for (unsigned calls = layer + 1 == numLayers ? 0 : 2; calls != 0; --calls)
    chain += " -> F" + std::to_string(choose(share(numFlows, layer + 1, numLayers)));
  os << "F" << flow << " = " << chain << ";\n";
  if (flow % 10 == 0)
    os << "constraint F" << flow << ":{l" << choose(forFlows) << "};\n";
}
