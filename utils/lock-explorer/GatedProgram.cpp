//===- GatedProgram.cpp - Programs made of nested regions ---------------------------------------------------------===//

#include "GatedProgram.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>
#include <map>

using namespace explorer;

//===-------------------------------------------------------------------------------------------------------------===//
// The program in Flux
//===-------------------------------------------------------------------------------------------------------------===//

namespace {

class Writer {
public:
  explicit Writer(const GatedProgram &program) : program(program), os(text) {}

  std::string run();

private:
  std::string locks(const std::vector<Use> &holds) const;
  std::string session() const;
  std::string write(const Step &step);
  std::string writeRegion(const Step &step);

  const GatedProgram &program;
  std::string text;
  llvm::raw_string_ostream os;
  std::map<std::string, std::string> known; ///< flows by what defines them
  unsigned numFlows = 0;
};

} // namespace

std::string GatedProgram::text() const { return Writer(*this).run(); }

std::string Writer::run() {
  for (unsigned node = 0; node != 3; ++node)
    os << "N" << node << " (int s) => (int s);\n";
  os << "End (int s) => ();\n";
  std::vector<std::string> names;
  for (const Step &branch : program.branches)
    names.push_back(write(branch));
  if (program.hasSources) {
    for (auto [number, name] : llvm::enumerate(names))
      os << "S" << number << " () => (int s);\nT" << number << " = " << name << " -> End;\nsource S" << number
         << session() << " => T" << number << ";\n";
  } else {
    os << "S () => (int s);\nMain = Choice -> End;\nsource S" << session() << " => Main;\n";
    for (auto [number, name] : llvm::enumerate(names)) {
      bool isLast = number + 1 == names.size();
      if (!isLast)
        os << "typedef p" << number << " Is" << number << ";\n";
      os << "Choice:[" << (isLast ? "_" : "p" + std::to_string(number)) << "] = " << name << ";\n";
    }
  }
  if (!program.handler.empty())
    os << "handle error N0 => H;\nconstraint H:" << locks(program.handler) << ";\n";
  return text;
}

std::string Writer::session() const {
  return llvm::is_contained(program.isSession, true) ? " {session: SessionOf}" : "";
}

/// A lock that is named twice is written if one of them writes.
std::string Writer::locks(const std::vector<Use> &holds) const {
  std::map<unsigned, bool> reads;
  for (Use use : holds)
    reads.try_emplace(use.lock, true).first->second &= use.reads;
  std::string result, separator = "{";
  for (auto [lock, isRead] : reads) {
    result +=
        separator + static_cast<char>('a' + lock) + (isRead ? "?" : "") + (program.isSession[lock] ? "(session)" : "");
    separator = ", ";
  }
  return result + "}";
}

/// Returns the name of the node or flow that does this.
std::string Writer::write(const Step &step) {
  return step.holds.empty() && step.body.empty() ? "N" + std::to_string(step.node) : writeRegion(step);
}

std::string Writer::writeRegion(const Step &step) {
  std::vector<std::string> links;
  for (const Step &inner : step.body)
    links.push_back(write(inner));
  std::string body = links.empty() ? "N" + std::to_string(step.node) : llvm::join(links, " -> ");
  std::string held = step.holds.empty() ? "" : locks(step.holds);
  std::string name = "F" + std::to_string(numFlows);
  if (program.isShared) {
    auto [entry, isNew] = known.try_emplace(body + held, name);
    if (!isNew)
      return entry->second;
  }
  ++numFlows;
  os << name << " = " << body << ";\n";
  if (!held.empty())
    os << "constraint " << name << ":" << held << ";\n";
  return name;
}

//===-------------------------------------------------------------------------------------------------------------===//
// The circle
//===-------------------------------------------------------------------------------------------------------------===//

/// Regions around each other, the outermost first, with a node inside.
static Step nest(llvm::ArrayRef<Use> uses) {
  if (uses.empty())
    return {};
  return {{uses.front()}, {nest(uses.drop_front())}};
}

// Every flow that holds `have` comes to want `want` of its session. The i-th half of the circle is one flow that holds
// `want` and wants passes[i], and one that holds that and wants `have`; then the next half goes on in the session of
// the latter. Session locks keep the flows of all halves but neighbours from meeting in one session; so no part of the
// circle closes.
GatedProgram explorer::gatedCircle(unsigned sessions) {
  GatedProgram program;
  auto newLock = [&](bool isSession) {
    program.isSession.push_back(isSession);
    return Use{static_cast<unsigned>(program.isSession.size() - 1)};
  };
  Use have = newLock(true), want = newLock(true);
  std::vector<Use> passes;
  for (unsigned half = 0; half != sessions; ++half)
    passes.push_back(newLock(false));
  std::vector<std::vector<Use>> first(sessions), second(sessions);
  for (unsigned a = 0; a != sessions; ++a)
    for (unsigned b = 0; b != sessions; ++b)
      if ((b + 1) % sessions != a) {
        first[a].push_back(newLock(true));
        second[b].push_back(first[a].back());
      }
  program.branches.push_back(nest({have, want}));
  for (unsigned half = 0; half != sessions; ++half) {
    first[half].insert(first[half].end(), {want, passes[half]});
    second[half].insert(second[half].end(), {passes[half], have});
    program.branches.push_back(nest(first[half]));
    program.branches.push_back(nest(second[half]));
  }
  return program;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Its neighbours
//===-------------------------------------------------------------------------------------------------------------===//

/// Calls `visit` with each region and the step that it is.
static void forEachRegion(GatedProgram &program, llvm::function_ref<void(Step &)> visit) {
  std::function<void(Step &)> walk = [&](Step &step) {
    if (!step.holds.empty())
      visit(step);
    for (Step &inner : step.body)
      walk(inner);
  };
  for (Step &branch : program.branches)
    walk(branch);
}

static unsigned numRegions(GatedProgram program) {
  unsigned count = 0;
  forEachRegion(program, [&](Step &) { ++count; });
  return count;
}

/// The region with this number, in the order of the text.
static Step &regionAt(GatedProgram &program, unsigned number) {
  Step *found = nullptr;
  forEachRegion(program, [&](Step &region) { found = number-- == 0 ? &region : found; });
  return *found;
}

/// The region around which `region` stands, if it contains nothing else.
static Step *onlyInner(Step &region) {
  return region.body.size() == 1 && !region.body.front().holds.empty() ? &region.body.front() : nullptr;
}

static void wrap(Step &step, Use use) {
  Step inner = std::move(step);
  step = {{use}, {std::move(inner)}};
}

static void merge(Step &region, Step &inner) {
  region.holds.insert(region.holds.end(), inner.holds.begin(), inner.holds.end());
  std::vector<Step> body = std::move(inner.body);
  region.body = std::move(body);
}

static void append(Step &step, Step other) {
  Step first = std::move(step);
  step = {{}, {std::move(first), std::move(other)}};
}

namespace {

/// Makes neighbours, each from a fresh copy.
class Neighbourhood {
public:
  std::vector<Neighbour> run();

private:
  void add(const llvm::Twine &title, llvm::function_ref<void(GatedProgram &)> change);
  void changeRegions();
  void changeLocks();
  void changeBranches();
  void addGates();
  void changeForm();

  const GatedProgram original = gatedCircle(2);
  std::vector<Neighbour> result;
};

} // namespace

std::vector<Neighbour> explorer::neighboursOfGatedCircle() { return Neighbourhood().run(); }

std::vector<Neighbour> Neighbourhood::run() {
  changeRegions();
  changeLocks();
  changeBranches();
  addGates();
  changeForm();
  return std::move(result);
}

void Neighbourhood::add(const llvm::Twine &title, llvm::function_ref<void(GatedProgram &)> change) {
  result.push_back({title.str(), original});
  change(result.back().program);
}

void Neighbourhood::changeRegions() {
  for (unsigned number = 0; number != numRegions(original); ++number) {
    add("without region " + llvm::Twine(number), [&](GatedProgram &p) { regionAt(p, number).holds.clear(); });
    add("region " + llvm::Twine(number) + " reads",
        [&](GatedProgram &p) { regionAt(p, number).holds.front().reads = true; });
    GatedProgram copy = original;
    if (!onlyInner(regionAt(copy, number)))
      continue;
    add("region " + llvm::Twine(number) + " and the next the other way round", [&](GatedProgram &p) {
      Step &outer = regionAt(p, number);
      std::swap(outer.holds, onlyInner(outer)->holds);
    });
    add("region " + llvm::Twine(number) + " and the next in one", [&](GatedProgram &p) {
      Step &outer = regionAt(p, number);
      merge(outer, *onlyInner(outer));
    });
  }
}

void Neighbourhood::changeLocks() {
  unsigned numLocks = original.isSession.size();
  for (unsigned lock = 0; lock != numLocks; ++lock) {
    std::string name(1, 'a' + lock);
    add("everybody reads " + name, [&](GatedProgram &p) {
      forEachRegion(p, [&](Step &region) { region.holds.front().reads = region.holds.front().lock == lock; });
    });
    add(name + " of the other scope", [&](GatedProgram &p) { p.isSession[lock].flip(); });
    add("the handler takes " + name, [&](GatedProgram &p) { p.handler = {{lock}}; });
    for (unsigned other = lock + 1; other != numLocks; ++other)
      add(name + " and " + std::string(1, 'a' + other) + " are one lock", [&](GatedProgram &p) {
        forEachRegion(p, [&](Step &region) {
          if (region.holds.front().lock == other)
            region.holds.front().lock = lock;
        });
      });
  }
}

void Neighbourhood::changeBranches() {
  for (unsigned branch = 0; branch != original.branches.size(); ++branch) {
    add("without branch " + llvm::Twine(branch),
        [&](GatedProgram &p) { p.branches.erase(p.branches.begin() + branch); });
    for (unsigned other = 0; other != original.branches.size(); ++other) {
      add("branch " + llvm::Twine(branch) + " before branch " + llvm::Twine(other),
          [&](GatedProgram &p) { append(p.branches[branch], original.branches[other]); });
      if (other != branch)
        add("branch " + llvm::Twine(other) + " inside branch " + llvm::Twine(branch), [&](GatedProgram &p) {
          Step *innermost = &p.branches[branch];
          while (Step *inner = onlyInner(*innermost))
            innermost = inner;
          innermost->body = {original.branches[other]};
        });
    }
  }
}

/// A gate that two or all branches share.
void Neighbourhood::addGates() {
  for (bool isSession : {false, true})
    for (bool reads : {false, true}) {
      auto addGate = [&](GatedProgram &p, llvm::ArrayRef<unsigned> branches) {
        Use gate{static_cast<unsigned>(p.isSession.size()), false};
        p.isSession.push_back(isSession);
        for (unsigned branch : branches)
          wrap(p.branches[branch], {gate.lock, reads && branch == branches.front()});
      };
      std::string kind = std::string(isSession ? "a session's" : "a") + " gate" + (reads ? ", once read," : "");
      unsigned count = original.branches.size();
      for (unsigned a = 0; a != count; ++a)
        for (unsigned b = a + 1; b != count; ++b)
          add(kind + " around branches " + llvm::Twine(a) + " and " + llvm::Twine(b),
              [&](GatedProgram &p) { addGate(p, {a, b}); });
      add(kind + " around all branches", [&](GatedProgram &p) { addGate(p, {0, 1, 2, 3, 4}); });
    }
}

void Neighbourhood::changeForm() {
  add("the same", [](GatedProgram &) {});
  add("equal regions are one flow", [](GatedProgram &p) { p.isShared = true; });
  add("a source for each branch", [](GatedProgram &p) { p.hasSources = true; });
  add("three sessions", [](GatedProgram &p) { p = gatedCircle(3); });
}

//===-------------------------------------------------------------------------------------------------------------===//
// Chance
//===-------------------------------------------------------------------------------------------------------------===//

static constexpr unsigned maxLocks = 8;

static unsigned anyLock(Random &random, GatedProgram &program) {
  if (program.isSession.size() < maxLocks && random.chance(15))
    program.isSession.push_back(random.chance(40));
  return random.below(program.isSession.size());
}

static void mutateRegion(Random &random, GatedProgram &program) {
  Step &region = regionAt(program, random.below(numRegions(program)));
  Use &use = region.holds[random.below(region.holds.size())];
  Step *inner = onlyInner(region);
  switch (random.below(6)) {
  case 0:
    region.holds.clear();
    break;
  case 1:
    use.reads = !use.reads;
    break;
  case 2:
    use.lock = anyLock(random, program);
    break;
  case 3:
    region.holds.push_back({anyLock(random, program), random.chance(30)});
    break;
  case 4:
    if (inner)
      std::swap(region.holds, inner->holds);
    break;
  case 5:
    if (inner)
      merge(region, *inner);
  }
}

static void mutateBranches(Random &random, GatedProgram &program) {
  Step &branch = program.branches[random.below(program.branches.size())];
  Step other = program.branches[random.below(program.branches.size())];
  unsigned gate = 0;
  switch (random.below(5)) {
  case 0:
    wrap(branch, {anyLock(random, program), random.chance(20)});
    break;
  case 1:
    gate = anyLock(random, program);
    for (Step &each : program.branches)
      if (random.chance(50))
        wrap(each, {gate, random.chance(20)});
    break;
  case 2:
    append(branch, std::move(other));
    break;
  case 3:
    if (program.branches.size() < 8)
      program.branches.push_back(std::move(other));
    break;
  case 4:
    branch.body.push_back(std::move(other));
  }
}

static void mutateWhole(Random &random, GatedProgram &program) {
  unsigned lock = random.below(program.isSession.size());
  switch (random.below(5)) {
  case 0:
    program.isSession[lock].flip();
    break;
  case 1:
    forEachRegion(program, [&](Step &region) {
      for (Use &use : region.holds)
        use.reads |= use.lock == lock && random.chance(70);
    });
    break;
  case 2:
    program.handler.push_back({lock, random.chance(30)});
    break;
  case 3:
    program.isShared = true;
    break;
  case 4:
    program.hasSources = true;
  }
}

static void mutate(Random &random, GatedProgram &program, unsigned steps) {
  for (; steps != 0; --steps) {
    unsigned kind = random.below(100);
    if (kind < 50 && numRegions(program) != 0)
      mutateRegion(random, program);
    else if (kind < 75)
      mutateBranches(random, program);
    else
      mutateWhole(random, program);
  }
}

GatedProgram explorer::mutatedGatedCircle(Random &random) {
  GatedProgram program = gatedCircle(2);
  mutate(random, program, random.below(6));
  return program;
}

// A flow waits inside of `total` for `list`, behind a writer that waits for a reader. It is the way from `gate` that
// shows that the reader of `list` may park: there it waits inside of it for `total`.
GatedProgram explorer::mutatedParking(Random &random) {
  enum { list, total, gate };
  Step calm, parking;
  parking.node = 1;
  Step look{{{list, true}}, {{{{total}}, {calm}}}};
  GatedProgram program;
  program.isSession = {false, false, false};
  program.branches = {{{{list, true}}, {parking}},
                      {{{list}}, {calm}},
                      {{{total, true}}, {parking}},
                      {{{gate}}, {look, calm}},
                      {{{gate}}, {{{{total}}, {calm, look, calm}}}},
                      {{{total, true}}, {calm}}};
  program.isShared = true;
  mutate(random, program, random.below(5));
  return program;
}

/// Branches of regions one in the other; now and then one contains an earlier branch.
static void addBranches(Random &random, GatedProgram &program, unsigned count, unsigned maxDepth, unsigned readers) {
  auto someUse = [&] {
    return Use{random.below(static_cast<unsigned>(program.isSession.size())), random.chance(readers)};
  };
  for (; count != 0; --count) {
    Step branch;
    branch.node = random.below(3);
    for (unsigned depth = random.between(1, maxDepth); depth != 0; --depth) {
      wrap(branch, someUse());
      if (random.chance(15))
        branch.holds.push_back(someUse());
      if (random.chance(10) && !program.branches.empty())
        branch.body.push_back(program.branches[random.below(program.branches.size())]);
    }
    program.branches.push_back(std::move(branch));
  }
  program.isShared = random.chance(50);
  program.hasSources = random.chance(25);
  while (random.chance(20))
    program.handler.push_back(someUse());
}

static void addLocks(Random &random, GatedProgram &program, unsigned count) {
  unsigned sessions = random.chance(30) ? 0 : random.between(10, 60);
  for (; count != 0; --count)
    program.isSession.push_back(random.chance(sessions));
}

GatedProgram explorer::smallGatedProgram(Random &random) {
  GatedProgram program;
  addLocks(random, program, random.between(1, 4));
  addBranches(random, program, random.between(1, 4), 3, random.between(0, 70));
  return program;
}

GatedProgram explorer::randomGatedProgram(Random &random) {
  GatedProgram program;
  addLocks(random, program, random.between(2, maxLocks));
  addBranches(random, program, random.between(2, 6), 4, random.chance(50) ? 0 : random.between(5, 50));
  return program;
}
